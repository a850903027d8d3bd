-- Whose device has this token hash; no row for an unknown or revoked one.
CREATE OR REPLACE FUNCTION device_login(token_hash bytea)
RETURNS TABLE (person_id bigint, handle text, name text)
LANGUAGE sql
STABLE
AS $$
    SELECT p.id, p.handle, p.name
    FROM device AS d
    JOIN person AS p ON p.id = d.person_id
    WHERE d.token_hash = device_login.token_hash AND d.revoked_at IS NULL;
$$;
