-- The person, or everyone who ever belonged to a unit or to one that was ever below it.
CREATE OR REPLACE FUNCTION people_who_worked(unit_id bigint, person_id bigint)
RETURNS TABLE (person_id bigint)
LANGUAGE sql
STABLE
AS $$
    SELECT people_who_worked.person_id
    WHERE people_who_worked.person_id IS NOT NULL
    UNION
    SELECT m.person_id
    FROM reach AS r
    JOIN membership AS m ON m.unit_id = r.unit_id
    WHERE
        people_who_worked.person_id IS NULL
        AND r.ancestor_id = people_who_worked.unit_id;
$$;
