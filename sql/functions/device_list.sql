-- DeviceService.List: the devices that may act for a person, the one seen last first.
CREATE OR REPLACE FUNCTION device_list(person text)
RETURNS TABLE (
    device_id bigint,
    name text,
    made_at timestamptz,
    seen_at timestamptz,
    seen_from text,
    this_one boolean
)
LANGUAGE sql
STABLE
AS $$
    SELECT
        d.id,
        d.name,
        d.made_at,
        d.seen_at,
        d.seen_from,
        d.id::text = current_setting('tiejun.device', true)
    FROM device AS d
    WHERE
        d.person_id = coalesce(person_find(device_list.person), actor())
        AND d.revoked_at IS NULL
    ORDER BY coalesce(d.seen_at, d.made_at) DESC, d.id DESC
    LIMIT 1000;
$$;
