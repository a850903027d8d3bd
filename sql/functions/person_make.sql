-- A new person who belongs to a unit from a day on, with the role on that unit when it is above
-- rep.
CREATE OR REPLACE FUNCTION person_make(
    handle text,
    name text,
    unit_id bigint,
    role text,
    day date
)
RETURNS bigint
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    made bigint;
    own_handle text := btrim(person_make.handle);
    own_name text := btrim(person_make.name);
BEGIN
    PERFORM require('handle', own_handle <> ''), require('name', own_name <> '');
    -- Handles are words of commands and stand in comma-separated lists.
    IF own_handle ~ '[[:space:][:cntrl:]/,]' OR length(own_handle) > 64 THEN
        PERFORM refuse('bad_handle', 'handle', own_handle);
    END IF;
    IF own_name ~ '[[:cntrl:]]' OR length(own_name) > 200 THEN
        PERFORM refuse('bad_name', 'name', own_name);
    END IF;
    INSERT INTO person (handle, name)
    VALUES (own_handle, own_name)
    ON CONFLICT ((lower(handle))) DO NOTHING
    RETURNING id INTO made;
    IF made IS NULL THEN
        PERFORM refuse('handle_taken', 'handle', own_handle);
    END IF;
    INSERT INTO membership (person_id, unit_id, office_id, from_date)
    VALUES (
        made,
        person_make.unit_id,
        office_of_unit(person_make.unit_id, person_make.day),
        person_make.day
    );
    IF role_rank(person_make.role) > 1 THEN
        INSERT INTO role_grant (person_id, unit_id, role, from_date)
        VALUES (made, person_make.unit_id, person_make.role, person_make.day);
    END IF;
    RETURN made;
END;
$$;
