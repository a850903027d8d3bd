-- Takes the right to act from devices, for ever. Every daemon hears of it at the commit, and ends
-- their sessions. Returns how many there were.
CREATE OR REPLACE FUNCTION device_end(devices bigint[])
RETURNS integer
LANGUAGE plpgsql
AS $$
DECLARE
    ended integer;
BEGIN
    UPDATE device AS d
    SET revoked_at = now()
    WHERE d.id = ANY (devices) AND d.revoked_at IS NULL;
    GET DIAGNOSTICS ended = ROW_COUNT;
    PERFORM pg_notify('tiejun_device_ended', e.id::text) FROM unnest(devices) AS e (id);
    RETURN ended;
END;
$$;
