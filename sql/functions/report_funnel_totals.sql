-- ReportService.Funnel: the whole scope, a line for each currency. The win rates are the daemon's.
CREATE OR REPLACE FUNCTION report_funnel_totals(
    unit text,
    person text,
    from_date text,
    to_date text,
    group_by text
)
RETURNS TABLE (
    currency text,
    open_c bigint,
    open_b bigint,
    open_a bigint,
    won bigint,
    lost bigint,
    won_value_minor bigint,
    open_value_minor bigint,
    median_days_to_sign bigint
)
LANGUAGE sql
STABLE
SET jit = off
AS $$
    SELECT
        l.currency, l.open_c, l.open_b, l.open_a, l.won, l.lost, l.won_value_minor,
        l.open_value_minor, l.median_days_to_sign
    FROM funnel_lines(
        ARRAY[
            funnel_scope(
                report_funnel_totals.unit,
                report_funnel_totals.person,
                report_funnel_totals.from_date,
                report_funnel_totals.to_date
            )
        ],
        false
    ) AS l;
$$;
