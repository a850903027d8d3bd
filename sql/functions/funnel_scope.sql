-- The whole of what a funnel is about. Unlike a roll-up it covers all time unless a date is given.
CREATE OR REPLACE FUNCTION funnel_scope(
    unit text,
    person text,
    from_date text,
    to_date text
)
RETURNS report_slot
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_variable
DECLARE
    home record := scope_or_home(unit, person);
    scope report_slot;
BEGIN
    -- A range of one day: only the scope itself is wanted.
    scope := report_scope(
        coalesce(unit, (SELECT u.path FROM unit AS u WHERE u.id = home.unit_id)),
        coalesce(person, (SELECT p.handle FROM person AS p WHERE p.id = home.person_id)),
        '2000-01-01',
        '2000-01-01'
    );
    scope.from_date := coalesce(date_of(from_date, 'from_date'), '-infinity');
    scope.to_date := coalesce(date_of(to_date, 'to_date'), 'infinity');
    IF isfinite(scope.from_date) AND isfinite(scope.to_date) THEN
        PERFORM check_range(scope.from_date, scope.to_date);
    END IF;
    RETURN scope;
END;
$$;
