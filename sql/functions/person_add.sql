-- PersonService.Add: a new person in a unit, from today when no day is given.
CREATE OR REPLACE FUNCTION person_add(
    INOUT handle text,
    name text,
    INOUT unit text,
    role text,
    from_date text
)
RETURNS SETOF record
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    place unit%ROWTYPE;
    day date := date_of(person_add.from_date, 'from_date');
    made bigint;
BEGIN
    PERFORM org_lock();
    SELECT * INTO place FROM unit AS u WHERE u.id = unit_or_home(person_add.unit);
    day := coalesce(day, unit_today(place.id));
    IF day < place.exists_from THEN
        PERFORM refuse('unit_not_yet', 'from_date', place.path, place.exists_from::text);
    END IF;
    made := person_make(person_add.handle, person_add.name, place.id, person_add.role, day);
    RETURN QUERY SELECT p.handle, place.path FROM person AS p WHERE p.id = made;
END;
$$;
