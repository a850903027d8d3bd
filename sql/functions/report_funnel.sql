-- ReportService.Funnel: what the funnel is about (3.5).
CREATE OR REPLACE FUNCTION report_funnel(
    unit text,
    person text,
    INOUT from_date text,
    INOUT to_date text,
    group_by text,
    OUT scope text,
    OUT scope_name text
)
LANGUAGE plpgsql
STABLE
AS $$
DECLARE
    whole report_slot := funnel_scope(unit, person, from_date, to_date);
BEGIN
    scope := whole.label;
    scope_name := whole.name;
END;
$$;
