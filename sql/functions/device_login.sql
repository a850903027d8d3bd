-- Whose device has this token hash; no row for an unknown or revoked one.
--
-- SECURITY DEFINER: nobody acts yet. Whoever has the token is the person.
CREATE OR REPLACE FUNCTION device_login(token_hash bytea)
RETURNS TABLE (person_id bigint, handle text, name text)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
    SELECT p.id, p.handle, p.name
    FROM device AS d
    JOIN person AS p ON p.id = d.person_id
    WHERE d.token_hash = device_login.token_hash AND d.revoked_at IS NULL;
$$;
