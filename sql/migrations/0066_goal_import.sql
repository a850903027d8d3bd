-- Goals that came from elsewhere with all their versions (domain.md 2.2): whoever brings them is
-- their actor here, and who made them, and when, is kept as the file states it.
ALTER TABLE goal_version
ADD COLUMN stated_actor text,
ADD COLUMN stated_at timestamptz,
ADD CHECK ((stated_actor IS NULL) = (stated_at IS NULL));

-- A line of a file of goals, in the order of the contract's fields.
CREATE TYPE goal_row_in AS (
    line integer,
    unit text,
    person text,
    metric text,
    from_date text,
    to_date text,
    target bigint,
    currency text,
    locked boolean,
    stretch_milli integer,
    stretched_target bigint,
    method text,
    rebalanced_from text,
    done bigint,
    seasons text,
    reason text,
    version integer,
    actor text,
    made_at timestamptz
);
