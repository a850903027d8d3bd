-- Throws away audit rows that are older than the company's setting audit_days. The daemon calls it
-- every hour. Whoever may change the setting cannot cover tracks by it: 90 days stay, whatever it
-- says; and a number without reason is a century, which dates can still bear.
--
-- SECURITY DEFINER: the daemon's role may only append. It tells nothing, and what it deletes the
-- setting alone decides.
CREATE OR REPLACE FUNCTION audit_expire()
RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
DECLARE
    days integer := setting_of(
        (SELECT u.id FROM unit AS u WHERE u.kind = 'company'), 'audit_days', company_today()
    )::integer;
BEGIN
    DELETE FROM audit WHERE at < now() - make_interval(days => least(greatest(days, 90), 36500));
END;
$$;
