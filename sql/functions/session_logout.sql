-- SessionService.Logout: the device of this session may not act any more.
CREATE OR REPLACE FUNCTION session_logout()
RETURNS TABLE (ended integer)
LANGUAGE sql
AS $$
    SELECT device_end(ARRAY[nullif(current_setting('tiejun.device', true), '')::bigint]);
$$;
