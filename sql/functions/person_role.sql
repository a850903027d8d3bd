-- The highest role that a person holds anywhere on a day; whoever has none is a rep.
CREATE OR REPLACE FUNCTION person_role(person_id bigint, day date)
RETURNS text
LANGUAGE sql
STABLE
AS $$
    SELECT coalesce(
        (
            SELECT g.role
            FROM role_grant AS g
            WHERE
                g.person_id = person_role.person_id
                AND person_role.day BETWEEN g.from_date AND g.to_date
            ORDER BY role_rank(g.role) DESC
            LIMIT 1
        ),
        'rep'
    );
$$;
