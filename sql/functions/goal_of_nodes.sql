-- The goals in force of many units and people for one metric, period and currency.
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
    JOIN goal AS g
        ON
            g.unit_id = n.unit_id
            AND g.metric = goal_of_nodes.metric
            AND g.from_date = goal_of_nodes.from_date
            AND g.to_date = goal_of_nodes.to_date
            AND g.currency IS NOT DISTINCT FROM goal_of_nodes.currency
    UNION ALL
    SELECT n.place, g.id, g.version
    FROM unnest(goal_of_nodes.nodes) AS n
    JOIN goal AS g
        ON
            g.person_id = n.person_id
            AND g.metric = goal_of_nodes.metric
            AND g.from_date = goal_of_nodes.from_date
            AND g.to_date = goal_of_nodes.to_date
            AND g.currency IS NOT DISTINCT FROM goal_of_nodes.currency;
$$;
