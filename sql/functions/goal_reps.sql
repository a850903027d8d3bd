-- The reps at or below each node on a day; a person is its own.
CREATE OR REPLACE FUNCTION goal_reps(nodes goal_node[], day date)
RETURNS TABLE (place integer, person_id bigint, unit_id bigint)
LANGUAGE sql
STABLE
ROWS 1000
AS $$
    SELECT n.place, m.person_id, m.unit_id
    FROM unnest(goal_reps.nodes) AS n
    JOIN reach AS r
        ON
            r.ancestor_id = n.unit_id
            AND goal_reps.day BETWEEN r.from_date AND r.to_date
    JOIN membership AS m
        ON
            m.unit_id = r.unit_id
            AND goal_reps.day BETWEEN m.from_date AND m.to_date
    WHERE person_is_rep(m.person_id, m.unit_id, goal_reps.day)
    UNION ALL
    SELECT n.place, m.person_id, m.unit_id
    FROM unnest(goal_reps.nodes) AS n
    JOIN membership AS m
        ON
            m.person_id = n.person_id
            AND goal_reps.day BETWEEN m.from_date AND m.to_date;
$$;
