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
    days integer := coalesce(
        (
            SELECT s.value::integer
            FROM setting AS s
            JOIN unit AS u ON u.id = s.unit_id AND u.kind = 'company'
            WHERE s.key = 'audit_days' AND s.from_date <= company_today()
            ORDER BY s.from_date DESC
            LIMIT 1
        ),
        (SELECT d.value::integer FROM setting_default AS d WHERE d.key = 'audit_days')
    );
BEGIN
    DELETE FROM audit WHERE at < now() - make_interval(days => least(greatest(days, 90), 36500));
END;
$$;
