-- PaceService.Show: what is looked at, and as of when (domain.md 2.8).
CREATE OR REPLACE FUNCTION pace_scope(
    unit text,
    person text,
    INOUT from_date text,
    INOUT to_date text,
    INOUT metric text,
    INOUT as_of text,
    in_currency text,
    OUT scope text,
    OUT scope_name text,
    OUT shrink_weight bigint,
    OUT days_left bigint
)
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    whole report_slot := scope_in_currency(
        led_scope(pace_scope.unit, pace_scope.person, pace_scope.from_date, pace_scope.to_date),
        pace_scope.in_currency,
        false
    );
    day date := day_asked(whole, pace_scope.as_of);
BEGIN
    metric := (metric_find(coalesce(pace_scope.metric, 'revenue'))).metric;
    scope := whole.label;
    scope_name := whole.name;
    from_date := whole.from_date;
    to_date := whole.to_date;
    as_of := day;
    shrink_weight := setting_of(whole.calendar_unit_id, 'shrink_weight', day)::bigint;
    days_left := greatest(whole.to_date - day, 0);
END;
$$;
