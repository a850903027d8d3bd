-- What the goals of report_goals() make a target of each slot and metric: one of exactly its range;
-- else the sum of goals that tile it; else the shortest goal around it, phased (2.6).
--
-- Goals in other currencies than a slot's own are found by themselves, converted each at the rate
-- of its first day, and added; for the whole scope, slot 0, with those rates. Where one has no
-- rate, the goals of its currency make a target of their own.
CREATE OR REPLACE FUNCTION report_targets_by_goal(goals report_goal[])
RETURNS report_target[]
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
BEGIN
    -- Most scopes have none.
    IF report_targets_by_goal.goals IS NULL THEN
        RETURN '{}';
    END IF;
    RETURN (
        WITH
            by_goal AS MATERIALIZED (
                SELECT DISTINCT ON (g.slot, g.metric, g.currency) g.*
                FROM (
                    SELECT e.*, 1 AS rank
                    FROM report_goals_tiling(report_targets_by_goal.goals) AS e
                    UNION ALL
                    SELECT p.*, 2
                    FROM report_goals_phased(report_targets_by_goal.goals) AS p
                ) AS g
                ORDER BY g.slot, g.metric, g.currency, g.rank
            ),
            in_one AS MATERIALIZED (
                SELECT
                    g.slot,
                    g.metric,
                    CASE
                        WHEN g.currency = '' OR g.slot_currency IS NULL OR g.worth IS NULL
                        THEN g.currency
                        ELSE g.slot_currency
                    END AS currency,
                    coalesce(g.worth, g.target) AS target,
                    CASE
                        WHEN g.worth <> g.target
                        THEN round(g.worth::numeric * g.bare / nullif(g.target, 0))
                        ELSE g.bare
                    END AS bare,
                    CASE
                        WHEN g.slot = 0 AND g.currency <> '' AND g.currency <> g.slot_currency
                        THEN (
                            SELECT array_agg(DISTINCT (g.currency, r.rate, r.from_date)::rate_used)
                            FROM unnest(g.first_days) AS day
                            CROSS JOIN LATERAL rate_on(g.currency, g.slot_currency, day) AS r
                            WHERE g.worth IS NOT NULL
                        )
                    END AS rates
                FROM by_goal AS g
            ),
            summed AS (
                SELECT
                    o.slot,
                    o.metric,
                    o.currency,
                    sum(o.target)::bigint AS target,
                    nullif(
                        round(
                            (sum(o.target) - sum(o.bare)) * 1000.0 / nullif(sum(o.bare), 0)
                        ),
                        0
                    )::integer AS stretch_milli
                FROM in_one AS o
                GROUP BY o.slot, o.metric, o.currency
            )
        SELECT
            array_agg(
                ROW(
                    s.slot,
                    s.metric,
                    s.currency,
                    s.target,
                    'goal',
                    s.stretch_milli,
                    CASE WHEN s.slot = 0 THEN (
                        SELECT array_agg(DISTINCT (r.currency, r.rate, r.from_date)::rate_used)
                        FROM in_one AS i
                        CROSS JOIN LATERAL unnest(i.rates) AS r
                        WHERE i.slot = 0 AND i.metric = s.metric AND i.currency = s.currency
                    ) END
                )::report_target
            )
        FROM summed AS s
    );
END;
$$;
