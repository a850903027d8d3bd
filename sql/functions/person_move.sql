-- PersonService.Move: another unit from a day on, in place of whatever was planned after it; the
-- days before keep theirs (1.1). Roles stay where they were granted.
CREATE OR REPLACE FUNCTION person_move(INOUT person text, INOUT unit text, INOUT from_date text)
RETURNS SETOF record
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    who bigint := person_find(person_move.person);
    place unit%ROWTYPE;
    day date := date_of(person_move.from_date, 'from_date');
    first_day date;
    settled boolean;
BEGIN
    PERFORM
        require('person', who IS NOT NULL),
        require('unit', person_move.unit IS NOT NULL);
    -- The tree stays as it is: whoever changes it brings memberships up to it.
    PERFORM org_lock();
    SELECT * INTO place FROM unit AS u WHERE u.id = unit_find(person_move.unit);
    day := coalesce(day, unit_today(place.id));
    IF day < place.exists_from THEN
        PERFORM refuse('unit_not_yet', 'from_date', place.path, place.exists_from::text);
    END IF;
    PERFORM FROM person AS p WHERE p.id = who FOR NO KEY UPDATE;
    SELECT
        min(m.from_date),
        bool_and(m.unit_id = place.id) FILTER (WHERE m.to_date >= day)
    INTO first_day, settled
    FROM membership AS m
    WHERE m.person_id = who;
    IF day < first_day THEN
        PERFORM refuse('not_yet_member', 'from_date', person_move.person, first_day::text);
    END IF;

    IF NOT settled THEN
        PERFORM check_no_facts_since(ARRAY[who], day);
        DELETE FROM membership WHERE person_id = who AND from_date >= day;
        UPDATE membership SET to_date = day - 1 WHERE person_id = who AND to_date >= day;
        INSERT INTO membership (person_id, unit_id, office_id, from_date)
        VALUES (who, place.id, office_of_unit(place.id, day), day);
    END IF;
    RETURN QUERY SELECT p.handle, place.path, day::text FROM person AS p WHERE p.id = who;
END;
$$;
