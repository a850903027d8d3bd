-- The goals of each slot's unit or person that overlap its range, in the versions in force, with
-- their stretch: what a goal is held against is what its parts add up to (2.3); bare is without it.
-- currency is '' for counts, as in total.
CREATE OR REPLACE FUNCTION report_goals(slots report_slot[])
RETURNS TABLE (
    slot integer,
    goal_id bigint,
    metric text,
    currency text,
    from_date date,
    to_date date,
    target bigint,
    bare bigint
)
LANGUAGE sql
STABLE
ROWS 100
AS $$
    SELECT
        s.slot,
        g.id,
        g.metric,
        coalesce(g.currency, ''),
        g.from_date,
        g.to_date,
        v.stretched_target,
        v.target
    FROM unnest(report_goals.slots) AS s
    JOIN goal AS g
        ON
            g.unit_id = s.goal_unit_id
            AND g.from_date <= s.to_date
            AND g.to_date >= s.from_date
    JOIN goal_version AS v ON v.goal_id = g.id AND v.version = g.version
    UNION ALL
    SELECT
        s.slot,
        g.id,
        g.metric,
        coalesce(g.currency, ''),
        g.from_date,
        g.to_date,
        v.stretched_target,
        v.target
    FROM unnest(report_goals.slots) AS s
    JOIN goal AS g
        ON
            g.person_id = s.goal_person_id
            AND g.from_date <= s.to_date
            AND g.to_date >= s.from_date
    JOIN goal_version AS v ON v.goal_id = g.id AND v.version = g.version;
$$;
