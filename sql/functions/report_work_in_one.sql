-- report_work() with what was done in other currencies than a slot's own converted into it (see
-- report_converted), and for the whole scope, slot 0, the rates that this took. A slot without a
-- currency keeps them apart. Where all is in the slot's own, nothing is read twice.
CREATE OR REPLACE FUNCTION report_work_in_one(
    slots report_slot[],
    metrics text[],
    as_is boolean,
    today date
)
RETURNS TABLE (
    slot integer,
    metric text,
    currency text,
    done bigint,
    effective bigint,
    rates rate_used[]
)
LANGUAGE sql
STABLE
ROWS 100
AS $$
    WITH
        work AS MATERIALIZED (
            SELECT w.*, w.currency <> '' AND w.currency <> s.currency AS is_foreign
            FROM report_work(
                report_work_in_one.slots,
                report_work_in_one.metrics,
                report_work_in_one.as_is,
                report_work_in_one.today
            ) AS w
            JOIN unnest(report_work_in_one.slots) AS s ON s.slot = w.slot
        ),
        elsewhere AS (
            SELECT
                array_agg(DISTINCT w.metric) AS metrics,
                array_agg(DISTINCT w.currency) AS currencies
            FROM work AS w
            WHERE w.is_foreign
            HAVING count(*) > 0
        ),
        converted AS MATERIALIZED (
            SELECT c.*
            FROM elsewhere
            CROSS JOIN LATERAL report_converted(
                report_work_in_one.slots,
                elsewhere.metrics,
                elsewhere.currencies,
                report_work_in_one.as_is,
                report_work_in_one.today
            ) AS c
        ),
        piece AS (
            SELECT w.slot, w.metric, w.currency, w.done, w.effective
            FROM work AS w
            WHERE w.is_foreign IS NOT TRUE
            UNION ALL
            SELECT c.slot, c.metric, c.currency, c.done, c.effective
            FROM converted AS c
        )
    SELECT
        p.slot,
        p.metric,
        p.currency,
        sum(p.done)::bigint,
        sum(p.effective)::bigint,
        CASE WHEN p.slot = 0 THEN (
            SELECT array_agg(DISTINCT (c.own_currency, c.rate, c.rate_date)::rate_used)
            FROM converted AS c
            WHERE
                c.slot = 0
                AND c.metric = p.metric
                AND c.currency = p.currency
                AND c.rate IS NOT NULL
        ) END
    FROM piece AS p
    GROUP BY p.slot, p.metric, p.currency;
$$;
