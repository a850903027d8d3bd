-- What the daemons tell people by the clock of their office, once a day: see notice_rounds().

-- The days of offices on which it was told.
CREATE TABLE notice_round (
    office_id bigint NOT NULL REFERENCES unit,
    date date NOT NULL,
    -- When that day is over.
    ends_at timestamptz NOT NULL,
    PRIMARY KEY (office_id, date)
);

INSERT INTO notice_topic (topic, leaders)
VALUES
    ('pace', false),
    ('team_pace', true),
    ('objective_due', false);

INSERT INTO setting_default (key, value)
VALUES
    -- The hour of the office's day from which on it is told who is behind pace; 24: never.
    ('pace_hour', '12'),
    -- What part of a day's targets is expected by then, in thousandths.
    ('pace_expected_milli', '500'),
    -- How many days before its date an objective is due soon.
    ('objective_due_days', '7');
