-- On whose behalf somebody acts at a unit: the lender of a role that reaches it today, where the
-- person has none of its own that does. NULL: on its own.
CREATE OR REPLACE FUNCTION actor_lender(person_id bigint, unit_id bigint)
RETURNS bigint
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
BEGIN
    -- The common case: nothing was ever lent.
    PERFORM
    FROM role_grant AS g
    WHERE g.person_id = actor_lender.person_id AND g.lent_by IS NOT NULL;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    RETURN (
        SELECT g.lent_by
        FROM role_grant AS g
        JOIN reach AS r ON r.ancestor_id = g.unit_id
        CROSS JOIN LATERAL (SELECT unit_today(g.unit_id)) AS today (today)
        WHERE
            g.person_id = actor_lender.person_id
            AND r.unit_id = actor_lender.unit_id
            AND today.today BETWEEN g.from_date AND g.to_date
            AND today.today BETWEEN r.from_date AND r.to_date
        ORDER BY g.lent_by IS NOT NULL, g.unit_id
        LIMIT 1
    );
END;
$$;
