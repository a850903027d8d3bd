-- Throws away counts of tries that hold nobody up any more, and places not seen for a season. Any
-- daemon does it every hour.
--
-- SECURITY DEFINER: nobody acts.
CREATE OR REPLACE FUNCTION login_prune()
RETURNS void
LANGUAGE sql
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
    DELETE FROM login_throttle WHERE last_at < now() - interval '2 hours';
    DELETE FROM login_place WHERE seen_at < now() - interval '90 days';
    DELETE FROM invite WHERE expires_at < now() - interval '30 days';
$$;
