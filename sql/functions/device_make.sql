-- Lets the device with this token hash act for a person; a device has one person for ever.
CREATE OR REPLACE FUNCTION device_make(token_hash bytea, person_id bigint, name text)
RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
BEGIN
    IF octet_length(device_make.token_hash) IS DISTINCT FROM 32 THEN
        PERFORM refuse('bad_token_hash', 'token_hash');
    END IF;
    INSERT INTO device (token_hash, person_id, name)
    VALUES (device_make.token_hash, device_make.person_id, device_make.name)
    ON CONFLICT (token_hash) DO NOTHING;
    PERFORM
    FROM device AS d
    WHERE
        d.token_hash = device_make.token_hash
        AND d.person_id = device_make.person_id
        AND d.revoked_at IS NULL;
    IF NOT FOUND THEN
        PERFORM refuse('device_taken', 'token_hash');
    END IF;
END;
$$;
