-- PersonService.RevokeRole: a role, or a loan of it, ends after a last day, and so do the loans
-- that its holder has given. Directors and administrators above take any back, and lenders what
-- they lent.
CREATE OR REPLACE FUNCTION person_revoke_role(
    INOUT person text,
    INOUT unit text,
    INOUT role text,
    INOUT last_date text
)
RETURNS SETOF record
LANGUAGE plpgsql
AS $$
#variable_conflict use_variable
DECLARE
    who bigint := person_find(person);
    place bigint := unit_find(unit);
    last_day date := date_of(last_date, 'last_date');
    own boolean;
    ended integer;
BEGIN
    PERFORM org_lock();
    PERFORM
        require('person', who IS NOT NULL),
        require('unit', place IS NOT NULL),
        require('role', role IS NOT NULL);
    last_day := coalesce(last_day, unit_today(place) - 1);
    SELECT p.handle, u.path INTO person, unit
    FROM person AS p
    CROSS JOIN unit AS u
    WHERE p.id = who AND u.id = place;
    PERFORM FROM role_grant AS g
    WHERE g.person_id = who AND g.unit_id = place AND g.role = role AND g.to_date > last_day;
    IF NOT FOUND THEN
        PERFORM refuse('role_not_held', 'role', person, unit);
    END IF;
    -- Whether it is the person's own: then the loans of it go with it.
    own := EXISTS (
        SELECT
        FROM role_grant AS g
        WHERE
            g.person_id = who
            AND g.unit_id = place
            AND g.role = role
            AND g.to_date > last_day
            AND g.lent_by IS NULL
    );
    WITH
        undone AS (
            DELETE FROM role_grant AS g
            WHERE
                g.unit_id = place
                AND g.role = role
                AND g.from_date > last_day
                AND (g.person_id = who OR (own AND g.lent_by = who))
            RETURNING g.person_id
        ),
        cut AS (
            UPDATE role_grant AS g
            SET to_date = last_day
            WHERE
                g.unit_id = place
                AND g.role = role
                AND last_day BETWEEN g.from_date AND g.to_date - 1
                AND (g.person_id = who OR (own AND g.lent_by = who))
            RETURNING g.person_id
        )
    SELECT count(*) INTO ended
    FROM (SELECT u.person_id FROM undone AS u UNION ALL SELECT c.person_id FROM cut AS c) AS e
    WHERE e.person_id = who;
    IF ended = 0 THEN
        PERFORM refuse('forbidden', 'person', person);
    END IF;
    last_date := last_day;
    RETURN NEXT;
END;
$$;
