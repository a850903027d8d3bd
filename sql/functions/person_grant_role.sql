-- PersonService.GrantRole: a role on a unit, from a day to a last day. A grant that holds already
-- on the first day is changed to end on the new last day, which is how a role is taken back, with
-- the loans of it. A loan that is made longer is one no more.
CREATE OR REPLACE FUNCTION person_grant_role(
    INOUT person text,
    INOUT unit text,
    INOUT role text,
    from_date text,
    to_date text
)
RETURNS SETOF record
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    who bigint := person_find(person_grant_role.person);
    place bigint := unit_find(person_grant_role.unit);
    first_day date := date_of(person_grant_role.from_date, 'from_date');
    last_day date := coalesce(date_of(person_grant_role.to_date, 'to_date'), 'infinity');
BEGIN
    PERFORM org_lock();
    PERFORM
        require('person', who IS NOT NULL),
        require('unit', place IS NOT NULL),
        require('role', person_grant_role.role IS NOT NULL);
    IF role_rank(person_grant_role.role) = 1 THEN
        PERFORM refuse('rep_needs_no_grant', 'role');
    END IF;
    first_day := coalesce(first_day, unit_today(place));
    IF last_day < first_day THEN
        PERFORM refuse('dates_reversed', 'to_date', first_day::text, last_day::text);
    END IF;

    PERFORM FROM person AS p WHERE p.id = who FOR NO KEY UPDATE;
    UPDATE role_grant AS g
    SET
        to_date = last_day,
        lent_by = CASE WHEN last_day <= g.to_date THEN g.lent_by END
    WHERE
        g.person_id = who
        AND g.unit_id = place
        AND g.role = person_grant_role.role
        AND first_day BETWEEN g.from_date AND g.to_date;
    IF NOT FOUND THEN
        INSERT INTO role_grant (person_id, unit_id, role, from_date, to_date)
        VALUES (who, place, person_grant_role.role, first_day, last_day);
    END IF;
    -- What lay in between is now part of this one.
    DELETE FROM role_grant AS g
    WHERE
        g.person_id = who
        AND g.unit_id = place
        AND g.role = person_grant_role.role
        AND g.from_date > first_day
        AND g.from_date <= last_day;
    -- What the person can lend no more, nobody has any more.
    DELETE FROM role_grant AS g
    WHERE
        g.lent_by = who
        AND g.unit_id = place
        AND g.role = person_grant_role.role
        AND g.from_date > last_day
        AND NOT role_is_own(who, g.role, place, g.from_date, g.to_date);
    UPDATE role_grant AS g
    SET to_date = last_day
    WHERE
        g.lent_by = who
        AND g.unit_id = place
        AND g.role = person_grant_role.role
        AND last_day BETWEEN g.from_date AND g.to_date
        AND NOT role_is_own(who, g.role, place, g.from_date, g.to_date);
    RETURN QUERY
    SELECT p.handle, u.path, person_grant_role.role
    FROM person AS p
    CROSS JOIN unit AS u
    WHERE p.id = who AND u.id = place;
END;
$$;
