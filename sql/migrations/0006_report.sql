-- What roll-ups hand from function to function (domain.md 4.6).

-- One line of a report: whose work, in which range.
CREATE TYPE report_slot AS (
    -- 0 is the whole scope, the groups follow in order.
    slot integer,
    -- Path, handle or first day, and what a person calls it.
    label text,
    name text,
    -- The unit; for a person's line the unit that the work must have been done below, if any.
    unit_id bigint,
    person_id bigint,
    -- The unit's own members alone, not what is below it.
    own_only boolean,
    -- A child counts while it hung below this unit: right below it, unless own_only.
    within_id bigint,
    -- Whose goals; one of them, or none.
    goal_unit_id bigint,
    goal_person_id bigint,
    calendar_unit_id bigint,
    currency text,
    from_date date,
    to_date date
);
