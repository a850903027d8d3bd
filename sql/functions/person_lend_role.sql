-- PersonService.LendRole: for a leave, another has a role that a person holds, until the last day.
-- The lender keeps it; what is lent cannot be lent on.
CREATE OR REPLACE FUNCTION person_lend_role(
    INOUT person text,
    INOUT borrower text,
    INOUT unit text,
    INOUT role text,
    INOUT from_date text,
    INOUT to_date text
)
RETURNS SETOF record
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    holder bigint := coalesce(person_find(person_lend_role.person), actor());
    other bigint := person_find(person_lend_role.borrower, 'borrower');
    place bigint := unit_find(person_lend_role.unit);
    first_day date := date_of(person_lend_role.from_date, 'from_date');
    last_day date := date_of(person_lend_role.to_date, 'to_date');
BEGIN
    PERFORM org_lock();
    PERFORM
        require('borrower', other IS NOT NULL),
        require('unit', place IS NOT NULL),
        require('role', person_lend_role.role IS NOT NULL),
        require('to_date', last_day IS NOT NULL);
    first_day := coalesce(first_day, unit_today(place));
    IF last_day < first_day THEN
        PERFORM refuse('dates_reversed', 'to_date', first_day::text, last_day::text);
    END IF;
    SELECT p.handle, b.handle, u.path, first_day::text, last_day::text
    INTO person, borrower, unit, from_date, to_date
    FROM person AS p
    CROSS JOIN person AS b
    CROSS JOIN unit AS u
    WHERE p.id = holder AND b.id = other AND u.id = place;
    IF NOT role_is_own(holder, person_lend_role.role, place, first_day, last_day) THEN
        PERFORM refuse('role_not_held', 'role', person_lend_role.person, person_lend_role.unit);
    END IF;
    PERFORM
    FROM role_grant AS g
    WHERE
        g.person_id = other
        AND g.unit_id = place
        AND g.role = person_lend_role.role
        AND g.from_date <= last_day
        AND g.to_date >= first_day;
    IF FOUND THEN
        PERFORM refuse(
            'role_held_already', 'borrower', person_lend_role.borrower, person_lend_role.unit
        );
    END IF;
    INSERT INTO role_grant (person_id, unit_id, role, from_date, to_date, lent_by)
    VALUES (other, place, person_lend_role.role, first_day, last_day, holder);
    RETURN NEXT;
END;
$$;
