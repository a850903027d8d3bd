-- Whoever lets a device in for somebody, or a new password, can act as that person afterwards: so
-- nobody but a director does it for a director, and nobody who stands in for one.
CREATE OR REPLACE FUNCTION check_may_let_in(person_id bigint)
RETURNS void
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
BEGIN
    PERFORM
    FROM role_grant AS g
    WHERE
        g.person_id = check_may_let_in.person_id
        AND g.person_id <> actor()
        AND g.role = 'director'
        AND unit_today(g.unit_id) BETWEEN g.from_date AND g.to_date
        AND actor_has_all('directed') IS NOT TRUE
        AND g.unit_id <> ALL (actor_units('directed'));
    IF FOUND THEN
        PERFORM refuse(
            'forbidden',
            'person',
            (SELECT p.handle FROM person AS p WHERE p.id = check_may_let_in.person_id)
        );
    END IF;
END;
$$;
