-- ReportService.Rollup: what the report is about, its range and currency, and the working days in
-- it (4.6).
CREATE OR REPLACE FUNCTION report_rollup(
    unit text,
    person text,
    INOUT from_date text,
    INOUT to_date text,
    metrics text[],
    group_by text,
    as_is boolean,
    by_currency boolean,
    in_currency text,
    OUT currency text,
    OUT scope text,
    OUT scope_name text,
    OUT today text,
    OUT working_millidays bigint,
    OUT elapsed_millidays bigint
)
LANGUAGE plpgsql
STABLE
-- One slot: planning it anew would take longer than the work.
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
    whole report_slot := scope_in_currency(
        report_scope(
            report_rollup.unit,
            report_rollup.person,
            report_rollup.from_date,
            report_rollup.to_date
        ),
        report_rollup.in_currency,
        report_rollup.by_currency
    );
    this_day date := unit_today(whole.calendar_unit_id);
BEGIN
    PERFORM metric_find(m) FROM unnest(report_rollup.metrics) AS m;
    currency := whole.currency;
    scope := whole.label;
    scope_name := whole.name;
    from_date := whole.from_date;
    to_date := whole.to_date;
    today := this_day;
    SELECT d.working_millidays, d.elapsed_millidays INTO working_millidays, elapsed_millidays
    FROM report_days(ARRAY[whole], this_day) AS d;
END;
$$;
