-- CompetitorService.Report: what is looked at.
CREATE OR REPLACE FUNCTION competitor_report(
    unit text,
    person text,
    INOUT from_date text,
    INOUT to_date text,
    competitor_name text,
    group_by text,
    OUT scope text,
    OUT scope_name text
)
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    whole report_slot := led_scope(
        competitor_report.unit,
        competitor_report.person,
        competitor_report.from_date,
        competitor_report.to_date
    );
BEGIN
    scope := whole.label;
    scope_name := whole.name;
    from_date := whole.from_date;
    to_date := whole.to_date;
END;
$$;
