-- Whether a person holds a role on a unit, not by a loan, on all days of a range: then it can be
-- lent for them.
CREATE OR REPLACE FUNCTION role_is_own(
    person_id bigint,
    role text,
    unit_id bigint,
    from_date date,
    to_date date
)
RETURNS boolean
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
BEGIN
    RETURN EXISTS (
        SELECT
        FROM role_grant AS g
        WHERE
            g.person_id = role_is_own.person_id
            AND g.role = role_is_own.role
            AND g.unit_id = role_is_own.unit_id
            AND g.from_date <= role_is_own.from_date
            AND g.to_date >= role_is_own.to_date
            AND g.lent_by IS NULL
    );
END;
$$;
