-- Effective work of each slot in at most 24 equal steps of its range.
CREATE OR REPLACE FUNCTION report_trend(
    slots report_slot[],
    metrics text[],
    as_is boolean,
    today date
)
RETURNS TABLE (slot integer, metric text, currency text, trend bigint[])
LANGUAGE sql
STABLE
ROWS 100
AS $$
    WITH
        asked AS MATERIALIZED (
            SELECT
                s.slot,
                s.from_date,
                s.to_date - s.from_date + 1 AS days,
                least(24, s.to_date - s.from_date + 1) AS steps
            FROM unnest(report_trend.slots) AS s
        ),
        work AS MATERIALIZED (
            SELECT s.slot, t.metric, t.currency, t.step, sum(t.effective)::bigint AS effective
            FROM report_sources(
                report_trend.slots, report_trend.as_is, report_trend.today
            ) AS s
            JOIN asked ON asked.slot = s.slot
            CROSS JOIN LATERAL (
                SELECT
                    t.metric,
                    t.currency,
                    (t.date - asked.from_date) * asked.steps / asked.days AS step,
                    sum(t.effective) AS effective
                FROM total AS t
                WHERE
                    t.office_id = s.office_id
                    AND t.scope = s.scope
                    AND t.scope_id = s.scope_id
                    AND t.grain = 'd'
                    AND t.date BETWEEN s.from_date AND s.to_date
                    AND (report_trend.metrics IS NULL OR t.metric = ANY (report_trend.metrics))
                GROUP BY 1, 2, 3
            ) AS t
            GROUP BY s.slot, t.metric, t.currency, t.step
        )
    SELECT
        line.slot,
        line.metric,
        line.currency,
        array_agg(coalesce(work.effective, 0) ORDER BY step.step)
    FROM (SELECT DISTINCT w.slot, w.metric, w.currency FROM work AS w) AS line
    JOIN asked ON asked.slot = line.slot
    CROSS JOIN LATERAL generate_series(0, asked.steps - 1) AS step (step)
    LEFT JOIN work
        ON
            work.slot = line.slot
            AND work.metric = line.metric
            AND work.currency = line.currency
            AND work.step = step.step
    GROUP BY line.slot, line.metric, line.currency;
$$;
