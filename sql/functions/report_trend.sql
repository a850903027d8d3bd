-- Effective work of each slot in at most 24 steps of its range, of equal working time by the slot's
-- calendar, so that weekends and holidays draw no teeth. Work of a day off counts with the next
-- working day. Money is in the slot's currency, as report_work_in_one() has it.
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
        calendar AS MATERIALIZED (
            SELECT w.unit_id, w.first_date, w.before
            FROM (
                SELECT
                    array_agg(DISTINCT s.calendar_unit_id) AS units,
                    min(s.from_date) AS from_date,
                    max(s.to_date) AS to_date
                FROM unnest(report_trend.slots) AS s
            ) AS needed
            CROSS JOIN LATERAL working_arrays(
                needed.units, needed.from_date, needed.to_date
            ) AS w
        ),
        asked AS MATERIALIZED (
            SELECT
                s.slot,
                s.currency,
                c.first_date,
                c.before,
                n.base,
                greatest(n.total, 1) AS total,
                -- As many days to a step as make it 24 at most.
                greatest(n.days / greatest((n.days + 23) / 24, 1), 1) AS steps
            FROM unnest(report_trend.slots) AS s
            JOIN calendar AS c ON c.unit_id = s.calendar_unit_id
            CROSS JOIN LATERAL (
                SELECT
                    r.base,
                    r.past_end - r.base AS total,
                    (r.past_end - r.base + 999) / 1000 AS days
                FROM (
                    SELECT
                        c.before[s.from_date - c.first_date + 1],
                        c.before[s.to_date - c.first_date + 2]
                ) AS r (base, past_end)
            ) AS n
        ),
        parted AS MATERIALIZED (
            SELECT p.* FROM report_parted(report_trend.slots, report_trend.as_is) AS p
        ),
        source AS (
            SELECT o.slot, office.id AS office_id, 'o'::"char" AS scope, office.id AS scope_id,
                o.from_date, o.to_date
            FROM parted
            CROSS JOIN LATERAL report_offices(parted.company || parted.whole) AS o
            CROSS JOIN LATERAL unnest(o.office_ids) AS office (id)
            UNION ALL
            SELECT p.*
            FROM parted
            CROSS JOIN LATERAL report_places(
                parted.rest, report_trend.as_is, report_trend.today
            ) AS p
        ),
        work AS MATERIALIZED (
            SELECT
                s.slot,
                t.metric,
                t.currency,
                t.step,
                t.currency <> '' AND t.currency <> asked.currency AS is_foreign,
                sum(t.effective)::bigint AS effective
            FROM source AS s
            JOIN asked ON asked.slot = s.slot
            CROSS JOIN LATERAL (
                SELECT
                    t.metric,
                    t.currency,
                    least(
                        (asked.before[t.date - asked.first_date + 1] - asked.base)
                        * asked.steps / asked.total,
                        asked.steps - 1
                    ) AS step,
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
            GROUP BY s.slot, t.metric, t.currency, t.step, asked.currency
        ),
        elsewhere AS (
            SELECT
                array_agg(DISTINCT w.metric) AS metrics,
                array_agg(DISTINCT w.currency) AS currencies
            FROM work AS w
            WHERE w.is_foreign
            HAVING count(*) > 0
        ),
        converted AS (
            SELECT
                c.slot,
                c.metric,
                c.currency,
                least(
                    (asked.before[c.date - asked.first_date + 1] - asked.base)
                    * asked.steps / asked.total,
                    asked.steps - 1
                ) AS step,
                c.effective
            FROM elsewhere
            CROSS JOIN LATERAL report_converted(
                report_trend.slots,
                elsewhere.metrics,
                elsewhere.currencies,
                report_trend.as_is,
                report_trend.today
            ) AS c
            JOIN asked ON asked.slot = c.slot
        ),
        done AS MATERIALIZED (
            SELECT w.slot, w.metric, w.currency, w.step, w.effective
            FROM work AS w
            WHERE w.is_foreign IS NOT TRUE
            UNION ALL
            SELECT c.slot, c.metric, c.currency, c.step, c.effective
            FROM converted AS c
        ),
        -- Summed with nothing rather than joined: no estimate can make that slow.
        filled AS (
            SELECT d.slot, d.metric, d.currency, d.step, d.effective
            FROM done AS d
            UNION ALL
            SELECT line.slot, line.metric, line.currency, step.step, 0
            FROM (SELECT DISTINCT d.slot, d.metric, d.currency FROM done AS d) AS line
            JOIN asked ON asked.slot = line.slot
            CROSS JOIN LATERAL generate_series(0, asked.steps - 1) AS step (step)
        )
    SELECT s.slot, s.metric, s.currency, array_agg(s.effective ORDER BY s.step)
    FROM (
        SELECT f.slot, f.metric, f.currency, f.step, sum(f.effective)::bigint AS effective
        FROM filled AS f
        GROUP BY f.slot, f.metric, f.currency, f.step
    ) AS s
    GROUP BY s.slot, s.metric, s.currency;
$$;
