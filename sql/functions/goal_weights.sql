-- By what a goal is split over nodes (2.3): 1 for everyone, its reps, its working person-days, or
-- its work of the periods before. Stated weights come with the request.
CREATE OR REPLACE FUNCTION goal_weights(
    nodes goal_node[],
    method text,
    day date,
    metric text,
    currency text,
    from_date date,
    to_date date,
    periods integer
)
RETURNS TABLE (place integer, weight bigint)
LANGUAGE plpgsql
STABLE
ROWS 100
AS $$
#variable_conflict use_column
BEGIN
    CASE goal_weights.method
        WHEN 'headcount' THEN
            RETURN QUERY
            SELECT r.place, count(*)
            FROM goal_reps(goal_weights.nodes, goal_weights.day) AS r
            GROUP BY r.place;
        WHEN 'capacity' THEN
            RETURN QUERY
            SELECT c.place, c.weight
            FROM goal_capacity(
                goal_weights.nodes,
                goal_weights.day,
                goal_weights.from_date,
                goal_weights.to_date
            ) AS c;
        WHEN 'history' THEN
            RETURN QUERY
            SELECT d.place, greatest(d.done, 0)
            FROM goal_done(
                goal_weights.nodes,
                goal_weights.metric,
                goal_weights.currency,
                goal_period_before(
                    goal_weights.from_date, goal_weights.to_date, goal_weights.periods
                ),
                goal_weights.from_date - 1,
                false
            ) AS d;
        ELSE
            RETURN QUERY
            SELECT n.place, 1::bigint FROM unnest(goal_weights.nodes) AS n;
    END CASE;
END;
$$;
