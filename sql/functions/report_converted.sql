-- What was done in some currencies, each in the currency of its slot. An amount is converted once:
-- what one person did on one day in one currency, at that day's rate, halves up. Whatever is summed
-- from that adds up, however a scope is cut. Without a rate it stays in its own currency.
CREATE OR REPLACE FUNCTION report_converted(
    slots report_slot[],
    metrics text[],
    currencies text[],
    as_is boolean,
    today date
)
RETURNS TABLE (
    slot integer,
    metric text,
    date date,
    own_currency text,
    currency text,
    done bigint,
    effective bigint,
    rate numeric,
    rate_date date
)
LANGUAGE plpgsql
STABLE
ROWS 100
AS $$
#variable_conflict use_column
BEGIN
    -- Not a part of its caller's plan, which mostly has nothing to convert.
    RETURN QUERY
    WITH
        work AS MATERIALIZED (
            SELECT
                m.slot,
                m.currency AS into_currency,
                t.metric,
                t.date,
                t.currency,
                t.done,
                t.effective
            FROM report_members(
                report_converted.slots, report_converted.as_is, report_converted.today
            ) AS m
            -- Person by person, which OFFSET sees to: of a currency that is new no statistics know.
            CROSS JOIN LATERAL (
                SELECT t.metric, t.date, t.currency, t.done, t.effective
                FROM total AS t
                WHERE
                    t.office_id = m.office_id
                    AND t.scope = 'p'
                    AND t.scope_id = m.person_id
                    AND t.grain = 'd'
                    AND t.date BETWEEN m.from_date AND m.to_date
                    AND t.metric = ANY (report_converted.metrics)
                    AND t.currency = ANY (report_converted.currencies)
                    AND t.currency <> m.currency
                OFFSET 0
            ) AS t
        ),
        rate AS MATERIALIZED (
            SELECT d.currency, d.into_currency, d.date, r.rate, r.from_date
            FROM (SELECT DISTINCT w.currency, w.into_currency, w.date FROM work AS w) AS d
            CROSS JOIN LATERAL rate_on(d.currency, d.into_currency, d.date) AS r
        )
    SELECT
        w.slot,
        w.metric,
        w.date,
        w.currency,
        CASE WHEN r.rate IS NULL THEN w.currency ELSE w.into_currency END,
        CASE
            WHEN r.rate IS NULL THEN w.done
            ELSE rate_apply(w.done, w.currency, w.into_currency, r.rate)
        END,
        CASE
            WHEN r.rate IS NULL THEN w.effective
            ELSE rate_apply(w.effective, w.currency, w.into_currency, r.rate)
        END,
        r.rate,
        r.from_date
    FROM work AS w
    LEFT JOIN rate AS r
        ON
            r.currency = w.currency
            AND r.into_currency = w.into_currency
            AND r.date = w.date;
END;
$$;
