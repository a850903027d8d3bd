-- Which of these devices may not act any more: for a daemon that may have missed the news.
--
-- SECURITY DEFINER: nobody acts. The daemon asks for devices that it has let in.
CREATE OR REPLACE FUNCTION devices_ended(devices bigint[])
RETURNS SETOF bigint
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
    SELECT d.id
    FROM device AS d
    WHERE d.id = ANY (devices_ended.devices) AND d.revoked_at IS NOT NULL;
$$;
