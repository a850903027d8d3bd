-- Of report_goals() those of exactly a slot's range whose days do not weigh as their calendar has
-- it, being re-balanced or in season: what was done before the plan that holds on the day, and what
-- the days of that plan weigh (2.6), all and past, the day included. What such a goal expects by
-- then (2.8) is what was done and of the rest the share of the past days.
CREATE OR REPLACE FUNCTION report_plans(goals report_goal[], day date)
RETURNS TABLE (
    slot integer,
    metric text,
    currency text,
    planned_done bigint,
    planned_weight bigint,
    planned_weight_past bigint
)
LANGUAGE plpgsql
STABLE
ROWS 100
AS $$
#variable_conflict use_column
DECLARE
    asks goal_ask[];
    -- Of each ask, by its place.
    slots_asked integer[];
BEGIN
    IF report_plans.goals IS NULL THEN
        RETURN;
    END IF;
    SELECT
        array_agg(
            ROW(p.place, p.goal_id, p.calendar_unit_id, p.as_of, p.as_of)::goal_ask
            ORDER BY p.place
        ),
        array_agg(p.slot ORDER BY p.place)
    INTO asks, slots_asked
    FROM (
        SELECT
            g.slot,
            g.goal_id,
            g.calendar_unit_id,
            least(report_plans.day, g.to_date) AS as_of,
            row_number() OVER ()::integer AS place
        FROM unnest(report_plans.goals) AS g
        WHERE
            g.from_date = g.first_day
            AND g.to_date = g.last_day
            AND g.from_date <= report_plans.day
            AND EXISTS (
                SELECT
                FROM goal_version AS v
                WHERE v.goal_id = g.goal_id AND num_nonnulls(v.rebalanced_from, v.seasons) > 0
            )
    ) AS p;
    -- Most goals are neither.
    IF asks IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT
        slots_asked[a.place],
        g.metric,
        coalesce(g.currency, ''),
        max(w.done),
        sum(w.weight * w.days)::bigint,
        sum(w.weight * (w.days_before + w.days_asked))::bigint
    FROM unnest(asks) AS a
    JOIN goal AS g ON g.id = a.goal_id
    JOIN goal_ask_weights(asks) AS w ON w.place = a.place
    GROUP BY a.place, g.metric, g.currency;
END;
$$;
