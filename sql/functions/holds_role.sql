-- Whether the actor holds, today, one of the roles on a unit or on one above it.
CREATE OR REPLACE FUNCTION holds_role(roles text[], unit_id bigint)
RETURNS boolean
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    today date := unit_today(holds_role.unit_id);
BEGIN
    RETURN EXISTS (
        SELECT
        FROM role_grant AS g
        JOIN reach AS r ON r.ancestor_id = g.unit_id
        JOIN unit AS u ON u.id = r.unit_id
        WHERE
            g.person_id = actor()
            AND g.role = ANY (holds_role.roles)
            AND today BETWEEN g.from_date AND g.to_date
            AND r.unit_id = holds_role.unit_id
            AND greatest(today, u.exists_from) BETWEEN r.from_date AND r.to_date
    );
END;
$$;
