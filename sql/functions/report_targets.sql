-- The target of each slot and metric, and where it comes from. A goal of exactly that range; else
-- the sum of goals that tile it; else the shortest goal around it, phased (2.6); else, for a metric
-- with a daily standard, what the standard asks of the slot's reps (2.1). On a single day the
-- standard goes before a phased goal: a goal of the month never lowers what is asked of every day.
-- metrics bounds them. stretch_milli is what of the target is a goal's stretch, on top of it in
-- thousandths (2.3).
--
-- Goals in other currencies than a slot's own are found by themselves, converted each at the rate
-- of its first day, and added; for the whole scope, slot 0, with those rates. Where one has no
-- rate, the goals of its currency make a target of their own.
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
    stretch_milli integer,
    rates rate_used[]
)
LANGUAGE plpgsql
STABLE
ROWS 100
AS $$
#variable_conflict use_column
DECLARE
    -- What no standard is for needs none worked out for thousands of reps.
    held_to_standards report_slot[] := CASE
        WHEN report_targets.metrics IS NULL
            OR EXISTS (SELECT FROM standard AS d WHERE d.metric = ANY (report_targets.metrics))
        THEN report_targets.slots
        ELSE '{}'
    END;
BEGIN
    RETURN QUERY
    WITH
        by_goal AS MATERIALIZED (
            SELECT DISTINCT ON (g.slot, g.metric, g.currency)
                g.slot, g.metric, g.currency, g.target, g.bare, g.worth, g.first_days
            FROM (
                SELECT e.*, 1 AS rank
                FROM report_goals_tiling(report_targets.slots) AS e
                UNION ALL
                SELECT p.*, 2
                FROM report_goals_phased(report_targets.slots) AS p
                JOIN unnest(report_targets.slots) AS s ON s.slot = p.slot
                WHERE
                    s.from_date < s.to_date
                    OR NOT EXISTS (SELECT FROM standard AS d WHERE d.metric = p.metric)
            ) AS g
            WHERE report_targets.metrics IS NULL OR g.metric = ANY (report_targets.metrics)
            ORDER BY g.slot, g.metric, g.currency, g.rank
        ),
        in_one AS MATERIALIZED (
            SELECT
                g.slot,
                g.metric,
                CASE
                    WHEN g.currency = '' OR s.currency IS NULL OR g.worth IS NULL THEN g.currency
                    ELSE s.currency
                END AS currency,
                coalesce(g.worth, g.target) AS target,
                CASE
                    WHEN g.worth <> g.target
                    THEN round(g.worth::numeric * g.bare / nullif(g.target, 0))
                    ELSE g.bare
                END AS bare,
                CASE WHEN g.slot = 0 AND g.currency <> '' AND g.currency <> s.currency THEN (
                    SELECT array_agg(DISTINCT (g.currency, r.rate, r.from_date)::rate_used)
                    FROM unnest(g.first_days) AS day
                    CROSS JOIN LATERAL rate_on(g.currency, s.currency, day) AS r
                    WHERE g.worth IS NOT NULL
                ) END AS rates
            FROM by_goal AS g
            JOIN unnest(report_targets.slots) AS s ON s.slot = g.slot
        )
    SELECT
        o.slot,
        o.metric,
        o.currency,
        sum(o.target)::bigint,
        'goal',
        nullif(
            round((sum(o.target) - sum(o.bare)) * 1000.0 / nullif(sum(o.bare), 0)), 0
        )::integer,
        CASE WHEN o.slot = 0 THEN (
            SELECT array_agg(DISTINCT (r.currency, r.rate, r.from_date)::rate_used)
            FROM in_one AS i
            CROSS JOIN LATERAL unnest(i.rates) AS r
            WHERE i.slot = 0 AND i.metric = o.metric AND i.currency = o.currency
        ) END
    FROM in_one AS o
    GROUP BY o.slot, o.metric, o.currency
    UNION ALL
    SELECT s.slot, s.metric, '', s.target, 'standard', NULL, NULL
    FROM report_standards(held_to_standards, report_targets.as_is, report_targets.today) AS s
    WHERE
        (report_targets.metrics IS NULL OR s.metric = ANY (report_targets.metrics))
        AND NOT EXISTS (
            SELECT FROM by_goal AS g WHERE g.slot = s.slot AND g.metric = s.metric
        );
END;
$$;
