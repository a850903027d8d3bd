-- Which of the goals to write exist, by their place in the list. Each is looked up by itself, as in
-- goal_of_nodes().
CREATE OR REPLACE FUNCTION goals_find(goals goal_in [])
RETURNS TABLE (place bigint, goal_id bigint, version integer)
LANGUAGE sql
STABLE
ROWS 100
AS $$
    SELECT i.ordinality, g.id, g.version
    FROM unnest(goals_find.goals) WITH ORDINALITY AS i
    CROSS JOIN LATERAL (
        SELECT g.id, g.version
        FROM goal AS g
        WHERE
            g.unit_id = i.unit_id
            AND g.metric = i.metric
            AND g.from_date = i.from_date
            AND g.to_date = i.to_date
            AND g.currency IS NOT DISTINCT FROM i.currency
        LIMIT 1
    ) AS g
    WHERE i.unit_id IS NOT NULL
    UNION ALL
    SELECT i.ordinality, g.id, g.version
    FROM unnest(goals_find.goals) WITH ORDINALITY AS i
    CROSS JOIN LATERAL (
        SELECT g.id, g.version
        FROM goal AS g
        WHERE
            g.person_id = i.person_id
            AND g.metric = i.metric
            AND g.from_date = i.from_date
            AND g.to_date = i.to_date
            AND g.currency IS NOT DISTINCT FROM i.currency
        LIMIT 1
    ) AS g
    WHERE i.person_id IS NOT NULL;
$$;
