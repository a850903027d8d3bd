-- Goals and their versions (domain.md 2.2, 2.3).

-- What is aimed at; how much is in its versions. Dates are both included. currency is NULL for
-- counts.
CREATE TABLE goal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit_id bigint REFERENCES unit,
    person_id bigint REFERENCES person,
    metric text NOT NULL REFERENCES metric,
    from_date date NOT NULL,
    to_date date NOT NULL,
    currency text CHECK (currency ~ '^[A-Z]{3}$'),
    -- The goal_version in force; 0 only while the first one is being made.
    version integer NOT NULL DEFAULT 0,
    CONSTRAINT goal_key
        UNIQUE NULLS NOT DISTINCT (unit_id, person_id, metric, from_date, to_date, currency),
    CHECK (num_nonnulls(unit_id, person_id) = 1),
    CHECK (isfinite(from_date) AND isfinite(to_date) AND from_date <= to_date)
);

CREATE INDEX goal_person ON goal (person_id);

-- Append-only: a change is a new version, whose row lock is the goal's.
CREATE TABLE goal_version (
    goal_id bigint NOT NULL REFERENCES goal,
    version integer NOT NULL CHECK (version > 0),
    target bigint NOT NULL CHECK (target >= 0),
    -- A split leaves it as it is.
    locked boolean NOT NULL DEFAULT false,
    -- How the goal was last split; NULL while it never was.
    stretch_milli integer,
    method text,
    reason text,
    actor_id bigint NOT NULL REFERENCES person,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (goal_id, version)
);

CREATE TYPE stated_weight_in AS (
    child text,
    weight bigint
);

CREATE TYPE split_share_in AS (
    unit_id bigint,
    person_id bigint,
    weight bigint,
    locked boolean,
    target_before bigint,
    target bigint
);

GRANT SELECT, INSERT, UPDATE ON goal TO tiejun_daemon;
GRANT SELECT, INSERT ON goal_version TO tiejun_daemon;
