-- Goals with their stretch, re-balanced ones, and writing many at once (domain.md 2.3, 2.9).

ALTER TABLE goal_version
-- What is in force: the target with its stretch on it. It is kept beside the target, since parts
-- of a stretched goal are rounded so that they add up to the whole.
ADD COLUMN stretched_target bigint,
-- A re-balanced goal: its days from this one on share stretched_target less done; those before it
-- are as the versions before had them.
ADD COLUMN rebalanced_from date,
ADD COLUMN done bigint;

UPDATE goal_version
SET stretched_target = round(target * (1000 + coalesce(stretch_milli, 0))::numeric / 1000)::bigint;

ALTER TABLE goal_version
ALTER COLUMN stretched_target SET NOT NULL,
ADD CHECK (stretched_target >= target),
ADD CHECK ((rebalanced_from IS NULL) = (done IS NULL));

-- A goal to write; NULL leaves locked, stretch_milli, method and the re-balance as they were.
CREATE TYPE goal_in AS (
    unit_id bigint,
    person_id bigint,
    metric text,
    from_date date,
    to_date date,
    currency text,
    target bigint,
    stretched_target bigint,
    locked boolean,
    stretch_milli integer,
    method text,
    reason text,
    rebalanced_from date,
    done bigint,
    -- The version that was seen, 0 for no goal; NULL: any.
    version_before integer,
    -- 0 for the goal that others are parts of: it is a new version when one of them is.
    level integer,
    weight bigint
);

-- A unit or a person in the tree below a unit.
CREATE TYPE goal_node AS (
    -- Order of levels, and in each of parents, units, people.
    place integer,
    -- Place of the node right above; NULL at level 1.
    parent integer,
    level integer,
    unit_id bigint,
    person_id bigint,
    -- Path or handle.
    reference text,
    name text,
    -- Of people: counts among the reps of its unit.
    is_rep boolean
);

DROP TYPE split_share_in CASCADE;

-- From a day on, what one unit of a currency is worth in another.
CREATE TABLE exchange_rate (
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    into_currency text NOT NULL CHECK (into_currency ~ '^[A-Z]{3}$'),
    from_date date NOT NULL,
    rate numeric NOT NULL CHECK (rate > 0),
    actor_id bigint NOT NULL REFERENCES person,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (currency, into_currency, from_date),
    CHECK (currency <> into_currency)
);

CREATE TYPE rate_in AS (
    currency text,
    into_currency text,
    from_date text,
    rate text
);

GRANT SELECT, INSERT, UPDATE ON exchange_rate TO tiejun_daemon;

-- Everyone's goals of one period, page by page; and the goals of many for one period, for which the
-- former must never look better.
CREATE INDEX goal_period ON goal (metric, from_date, to_date, id);
DROP INDEX goal_person;
CREATE INDEX goal_person ON goal (person_id, metric, from_date, to_date);
CREATE INDEX goal_unit ON goal (unit_id, metric, from_date, to_date);
