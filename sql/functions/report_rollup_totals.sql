-- ReportService.Rollup: the whole scope, a line for each metric, and for what no rate converts. The
-- arithmetic of 2.8 is the daemon's.
CREATE OR REPLACE FUNCTION report_rollup_totals(
    unit text,
    person text,
    from_date text,
    to_date text,
    metrics text[],
    group_by text,
    as_is boolean,
    by_currency boolean,
    in_currency text
)
RETURNS TABLE (
    metric text,
    currency text,
    actual bigint,
    effective bigint,
    target bigint,
    target_source text,
    stretch_milli integer,
    planned_done bigint,
    planned_weight bigint,
    planned_weight_past bigint,
    rate_currencies text[],
    rates text[],
    rate_dates text[]
)
LANGUAGE plpgsql
STABLE
-- One slot: planning it anew would take longer than the work.
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    whole report_slot := scope_in_currency(
        report_scope(
            report_rollup_totals.unit,
            report_rollup_totals.person,
            report_rollup_totals.from_date,
            report_rollup_totals.to_date
        ),
        report_rollup_totals.in_currency,
        report_rollup_totals.by_currency
    );
    today date := unit_today(whole.calendar_unit_id);
    goals report_goal[] := report_goals(ARRAY[whole], report_rollup_totals.metrics);
BEGIN
    RETURN QUERY
    SELECT
        l.metric, l.currency, l.actual, l.effective, l.target, l.target_source,
        l.stretch_milli, p.planned_done, p.planned_weight, p.planned_weight_past, r.currencies,
        r.rates, r.dates
    FROM report_lines(
        ARRAY[whole], goals, report_rollup_totals.metrics,
        coalesce(report_rollup_totals.as_is, false), today
    ) WITH ORDINALITY AS l
    LEFT JOIN report_plans(goals, today) AS p
        ON p.metric = l.metric AND p.currency = coalesce(l.currency, '')
    -- Not called for nothing.
    LEFT JOIN LATERAL (
        SELECT t.* FROM rates_told(l.rates) AS t WHERE cardinality(l.rates) > 0
    ) AS r ON true
    ORDER BY l.ordinality;
END;
$$;
