-- Whose device has this token hash; no row for an unknown or revoked one. Notes, once an hour, that
-- it was seen and from where.
--
-- SECURITY DEFINER: nobody acts yet. Whoever has the token is the person.
CREATE OR REPLACE FUNCTION device_login(token_hash bytea, address text)
RETURNS TABLE (person_id bigint, handle text, name text, device_id bigint)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('tiejun.address', device_login.address, true);
    UPDATE device AS d
    SET seen_at = now(), seen_from = host(actor_network())
    WHERE
        d.token_hash = device_login.token_hash
        AND d.revoked_at IS NULL
        AND (
            d.seen_at IS NULL
            OR d.seen_at < now() - interval '1 hour'
            OR d.seen_from IS DISTINCT FROM host(actor_network())
        );
    IF FOUND THEN
        PERFORM place_known(d.person_id)
        FROM device AS d
        WHERE d.token_hash = device_login.token_hash;
    END IF;
    RETURN QUERY
    SELECT p.id, p.handle, p.name, d.id
    FROM device AS d
    JOIN person AS p ON p.id = d.person_id
    WHERE d.token_hash = device_login.token_hash AND d.revoked_at IS NULL;
END;
$$;
