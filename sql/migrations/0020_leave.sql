-- Working weeks with a date, and personal leave (domain.md 2.5).

-- The weekdays that a unit works from a day on; bit 0 is Monday, bit 6 Sunday: 31 is Monday to
-- Friday. NULL: as the unit above again. The nearest unit upward that has one decides.
CREATE TABLE working_week (
    unit_id bigint NOT NULL REFERENCES unit,
    from_date date NOT NULL,
    weekday_mask smallint CHECK (weekday_mask BETWEEN 0 AND 127),
    PRIMARY KEY (unit_id, from_date)
);

INSERT INTO working_week (unit_id, from_date, weekday_mask)
SELECT u.id, '-infinity', u.weekday_mask
FROM unit AS u
WHERE u.weekday_mask IS NOT NULL;

-- A week without a date would change the past.
ALTER TABLE unit DROP COLUMN weekday_mask;
ALTER TABLE unit
ADD CHECK (kind <> 'company' OR num_nulls(time_zone, locale, currency) = 0);

-- A day, or a part of one, on which a person is away.
CREATE TABLE leave (
    person_id bigint NOT NULL REFERENCES person,
    date date NOT NULL,
    -- In thousandths of a day, taken off what the calendar gives.
    away_milli integer NOT NULL CHECK (away_milli BETWEEN 1 AND 1000),
    reason text,
    actor_id bigint NOT NULL REFERENCES person,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (person_id, date)
);

CREATE INDEX leave_date ON leave (date);

-- The weekday mask's factor of a day, beside the one that a dated exception gives.
ALTER TYPE calendar_day_in ADD ATTRIBUTE usual_milli integer;

GRANT SELECT, INSERT, UPDATE ON working_week TO tiejun_daemon;
GRANT SELECT, INSERT, UPDATE, DELETE ON leave TO tiejun_daemon;
