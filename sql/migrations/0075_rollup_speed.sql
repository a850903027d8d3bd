-- Roll-ups of units (4.6): what offices did is read for all of them in one scan, and the goals of a
-- report are looked up once.

-- Few rows, each for a day of an office. They are moved in place, so that the index is written once
-- for each.
CREATE INDEX total_office ON total (office_id, grain, date) WHERE scope = 'o';

-- Whether the unit has facts of its own to count: it is no team. It stays what it is.
ALTER TABLE reach ADD COLUMN is_office boolean NOT NULL DEFAULT false;

UPDATE reach AS r
SET is_office = true
FROM unit AS u
WHERE u.id = r.unit_id AND u.kind <> 'team';

CREATE INDEX reach_office ON reach (ancestor_id) INCLUDE (unit_id, from_date, to_date)
WHERE is_office;

-- A goal of a slot's unit or person that overlaps its range, in the version in force.
CREATE TYPE report_goal AS (
    slot integer,
    goal_id bigint,
    metric text,
    -- '' for counts, as in total.
    currency text,
    from_date date,
    to_date date,
    -- With its stretch, and bare.
    target bigint,
    bare bigint,
    -- The slot's own.
    slot_currency text,
    first_day date,
    last_day date,
    calendar_unit_id bigint
);

-- What is aimed at in a slot, in one currency.
CREATE TYPE report_target AS (
    slot integer,
    metric text,
    currency text,
    target bigint,
    -- 'goal' or 'standard'.
    target_source text,
    -- What of it is a goal's stretch, on top of the rest in thousandths (2.3).
    stretch_milli integer,
    -- Of the whole scope, slot 0: those that it was converted by.
    rates rate_used[]
);
