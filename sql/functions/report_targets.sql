-- The target of each slot and metric, and where it comes from. A goal of exactly that range; else
-- the sum of goals that tile it; else the shortest goal around it, phased (2.6); else, for a metric
-- with a daily standard, what the standard asks of the slot's reps (2.1). On a single day the
-- standard goes before a phased goal: a goal of the month never lowers what is asked of every day.
-- metrics bounds them. stretch_milli is what of the target is a goal's stretch, on top of it in
-- thousandths (2.3).
CREATE OR REPLACE FUNCTION report_targets(
    slots report_slot[],
    metrics text[],
    as_is boolean,
    today date
)
RETURNS TABLE (
    slot integer,
    metric text,
    currency text,
    target bigint,
    target_source text,
    stretch_milli integer
)
LANGUAGE plpgsql
STABLE
ROWS 100
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH
        by_goal AS MATERIALIZED (
            SELECT DISTINCT ON (g.slot, g.metric, g.currency)
                g.slot, g.metric, g.currency, g.target, g.bare
            FROM (
                SELECT e.slot, e.metric, e.currency, e.target, e.bare, 1 AS rank
                FROM report_goals_tiling(report_targets.slots) AS e
                UNION ALL
                SELECT p.slot, p.metric, p.currency, p.target, p.bare, 2
                FROM report_goals_phased(report_targets.slots) AS p
                JOIN unnest(report_targets.slots) AS s ON s.slot = p.slot
                WHERE
                    s.from_date < s.to_date
                    OR NOT EXISTS (SELECT FROM standard AS d WHERE d.metric = p.metric)
            ) AS g
            WHERE report_targets.metrics IS NULL OR g.metric = ANY (report_targets.metrics)
            ORDER BY g.slot, g.metric, g.currency, g.rank
        )
    SELECT
        g.slot,
        g.metric,
        g.currency,
        g.target,
        'goal',
        nullif(round((g.target - g.bare) * 1000.0 / nullif(g.bare, 0)), 0)::integer
    FROM by_goal AS g
    UNION ALL
    SELECT s.slot, s.metric, '', s.target, 'standard', NULL
    FROM report_standards(
        report_targets.slots, report_targets.as_is, report_targets.today
    ) AS s
    WHERE
        (report_targets.metrics IS NULL OR s.metric = ANY (report_targets.metrics))
        AND NOT EXISTS (
            SELECT FROM by_goal AS g WHERE g.slot = s.slot AND g.metric = s.metric
        );
END;
$$;
