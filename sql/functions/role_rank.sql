-- Roles from low to high; NULL counts as rep. A director who is also an admin is a director.
CREATE OR REPLACE FUNCTION role_rank(role text)
RETURNS integer
LANGUAGE sql
IMMUTABLE
AS $$
    SELECT coalesce(
        array_position('{rep,supervisor,region_manager,admin,director}'::text[], role),
        1
    );
$$;
