-- What a report about a period is about, where deals count that a rep may not see of others: the
-- unit or person that the request names, else the highest unit that the actor leads, or the actor.
-- Dates as in report_scope().
CREATE OR REPLACE FUNCTION led_scope(
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
BEGIN
    RETURN report_scope(
        coalesce(unit, (SELECT u.path FROM unit AS u WHERE u.id = home.unit_id)),
        coalesce(person, (SELECT p.handle FROM person AS p WHERE p.id = home.person_id)),
        from_date,
        to_date
    );
END;
$$;
