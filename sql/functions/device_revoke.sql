-- DeviceService.Revoke: one device of a person, or all that it has.
CREATE OR REPLACE FUNCTION device_revoke(
    INOUT person text,
    device_id bigint,
    all_devices boolean,
    OUT ended integer
)
RETURNS SETOF record
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    owner bigint := coalesce(person_find(device_revoke.person), actor());
    devices bigint[];
BEGIN
    PERFORM require(
        'device_id', device_revoke.device_id IS NOT NULL OR device_revoke.all_devices IS TRUE
    );
    devices := ARRAY(
        SELECT d.id
        FROM device AS d
        WHERE
            d.person_id = owner
            AND d.revoked_at IS NULL
            AND (device_revoke.all_devices IS TRUE OR d.id = device_revoke.device_id)
    );
    IF cardinality(devices) = 0 AND device_revoke.all_devices IS NOT TRUE THEN
        PERFORM refuse(
            'unknown_device_id',
            'device_id',
            (SELECT p.handle FROM person AS p WHERE p.id = owner),
            device_revoke.device_id::text
        );
    END IF;
    RETURN QUERY
    SELECT p.handle, device_end(devices) FROM person AS p WHERE p.id = owner;
END;
$$;
