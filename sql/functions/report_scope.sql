-- The whole of what a report is about: the unit or person that the request names, else the actor's
-- own highest unit. Without dates a report covers the month; with one of them, from the first of
-- the month or to today.
CREATE OR REPLACE FUNCTION report_scope(
    unit text,
    person text,
    from_date text,
    to_date text
)
RETURNS report_slot
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    scope report_slot;
    today date;
BEGIN
    scope.slot := 0;
    scope.own_only := false;
    scope.person_id := person_find(report_scope.person);
    IF scope.person_id IS NULL THEN
        scope.unit_id := unit_or_home(report_scope.unit);
        scope.goal_unit_id := scope.unit_id;
        scope.calendar_unit_id := scope.unit_id;
        SELECT u.path, u.name INTO scope.label, scope.name
        FROM unit AS u
        WHERE u.id = scope.unit_id;
    ELSE
        scope.unit_id := unit_find(report_scope.unit);
        scope.goal_person_id := scope.person_id;
        scope.calendar_unit_id := person_unit(scope.person_id);
        SELECT p.handle, p.name INTO scope.label, scope.name
        FROM person AS p
        WHERE p.id = scope.person_id;
    END IF;
    scope.currency := unit_currency(scope.calendar_unit_id);
    today := unit_today(scope.calendar_unit_id);
    scope.from_date := coalesce(
        date_of(report_scope.from_date, 'from_date'),
        date_trunc('month', coalesce(date_of(report_scope.to_date, 'to_date'), today))
    );
    scope.to_date := coalesce(
        date_of(report_scope.to_date, 'to_date'),
        CASE
            WHEN report_scope.from_date IS NULL
            THEN date_trunc('month', today) + interval '1 month' - interval '1 day'
            ELSE greatest(today, scope.from_date)
        END
    );
    PERFORM check_range(scope.from_date, scope.to_date);
    RETURN scope;
END;
$$;
