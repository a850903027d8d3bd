-- The goals in force of many units and people for one metric, period and currency. Each is looked
-- up by itself, which no estimate of a young table can turn into reading all goals of the period
-- for everyone.
CREATE OR REPLACE FUNCTION goal_of_nodes(
    nodes goal_node[],
    metric text,
    from_date date,
    to_date date,
    currency text
)
RETURNS TABLE (place integer, goal_id bigint, version integer)
LANGUAGE sql
STABLE
ROWS 100
AS $$
    SELECT n.place, g.id, g.version
    FROM unnest(goal_of_nodes.nodes) AS n
    CROSS JOIN LATERAL (
        SELECT g.id, g.version
        FROM goal AS g
        WHERE
            g.unit_id = n.unit_id
            AND g.metric = goal_of_nodes.metric
            AND g.from_date = goal_of_nodes.from_date
            AND g.to_date = goal_of_nodes.to_date
            AND g.currency IS NOT DISTINCT FROM goal_of_nodes.currency
        LIMIT 1
    ) AS g
    WHERE n.unit_id IS NOT NULL
    UNION ALL
    SELECT n.place, g.id, g.version
    FROM unnest(goal_of_nodes.nodes) AS n
    CROSS JOIN LATERAL (
        SELECT g.id, g.version
        FROM goal AS g
        WHERE
            g.person_id = n.person_id
            AND g.metric = goal_of_nodes.metric
            AND g.from_date = goal_of_nodes.from_date
            AND g.to_date = goal_of_nodes.to_date
            AND g.currency IS NOT DISTINCT FROM goal_of_nodes.currency
        LIMIT 1
    ) AS g
    WHERE n.person_id IS NOT NULL;
$$;
