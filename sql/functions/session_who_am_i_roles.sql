-- The roles that the actor holds today, the highest first; who holds none on the own unit is a rep
-- there.
CREATE OR REPLACE FUNCTION session_who_am_i_roles()
RETURNS TABLE (role text, unit text, lent_by text, to_date text)
LANGUAGE sql
STABLE
AS $$
    WITH
        held AS (
            SELECT g.role, g.unit_id, g.lent_by, g.to_date
            FROM role_grant AS g
            WHERE
                g.person_id = actor()
                AND unit_today(g.unit_id) BETWEEN g.from_date AND g.to_date
            UNION ALL
            SELECT 'rep', own.unit_id, NULL, 'infinity'
            FROM person_unit(actor()) AS own (unit_id)
            WHERE
                own.unit_id IS NOT NULL
                AND NOT EXISTS (
                    SELECT
                    FROM role_grant AS g
                    WHERE
                        g.person_id = actor()
                        AND g.unit_id = own.unit_id
                        AND unit_today(g.unit_id) BETWEEN g.from_date AND g.to_date
                )
        )
    SELECT
        held.role,
        u.path,
        l.handle,
        CASE WHEN isfinite(held.to_date) THEN held.to_date::text END
    FROM held
    JOIN unit AS u ON u.id = held.unit_id
    LEFT JOIN person AS l ON l.id = held.lent_by
    ORDER BY role_rank(held.role) DESC, u.path;
$$;
