-- Notices: what a person is told without having asked, kept for those who are away.

-- What notices are about; NoticeService in the contract says what each holds.
CREATE TABLE notice_topic (
    topic text PRIMARY KEY,
    -- Only leaders have any.
    leaders boolean NOT NULL
);

INSERT INTO notice_topic (topic, leaders)
VALUES
    ('goal', false),
    ('role', false),
    ('joined', true);

-- The last place given to a notice of a person. Its row lock makes places appear in their order:
-- whoever has seen one has seen, or could have, all before it.
CREATE TABLE notice_last (
    person_id bigint PRIMARY KEY REFERENCES person,
    place bigint NOT NULL
);

-- Append-only, until it is old (notice_expire).
CREATE TABLE notice (
    person_id bigint NOT NULL REFERENCES person,
    place bigint NOT NULL,
    topic text NOT NULL REFERENCES notice_topic,
    -- What is told once has a key: another notice of it is none.
    key text,
    made_at timestamptz NOT NULL,
    -- NULL: the daemon by itself.
    actor_id bigint REFERENCES person,
    -- Whom it is about, if not the person itself, and which unit.
    about_id bigint REFERENCES person,
    unit_id bigint REFERENCES unit,
    -- For as long as the person leads the unit.
    led_only boolean NOT NULL,
    -- Fields of a Notice by name, and its lines.
    detail jsonb NOT NULL,
    PRIMARY KEY (person_id, place),
    CHECK (unit_id IS NOT NULL OR NOT led_only)
);

CREATE UNIQUE INDEX notice_once ON notice (person_id, topic, key) WHERE key IS NOT NULL;
CREATE INDEX notice_made ON notice (made_at);

CREATE TYPE notice_in AS (
    person_id bigint,
    topic text,
    key text,
    about_id bigint,
    unit_id bigint,
    led_only boolean,
    detail jsonb
);

INSERT INTO setting_default (key, value) VALUES ('notice_days', '14');

GRANT SELECT ON notice_topic, notice_last, notice TO tiejun_daemon;
