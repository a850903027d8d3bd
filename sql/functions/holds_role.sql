-- Whether the actor holds, today, one of the roles on a unit or on one above it. Today is that of
-- the unit on which the role is held, as in people_reached(): it may be another day further down.
CREATE OR REPLACE FUNCTION holds_role(roles text[], unit_id bigint)
RETURNS boolean
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
BEGIN
    RETURN EXISTS (
        WITH
            held AS MATERIALIZED (
                SELECT g.unit_id, g.from_date, g.to_date, unit_today(g.unit_id) AS today
                FROM role_grant AS g
                WHERE g.person_id = actor() AND g.role = ANY (holds_role.roles)
            )
        SELECT
        FROM held
        JOIN reach AS r ON r.ancestor_id = held.unit_id
        JOIN unit AS u ON u.id = r.unit_id
        WHERE
            held.today BETWEEN held.from_date AND held.to_date
            AND r.unit_id = holds_role.unit_id
            AND greatest(held.today, u.exists_from) BETWEEN r.from_date AND r.to_date
    );
END;
$$;
