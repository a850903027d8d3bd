-- Throws away notices that are older than the company's setting notice_days. Any daemon does it
-- every hour.
--
-- SECURITY DEFINER: nobody acts.
CREATE OR REPLACE FUNCTION notice_expire()
RETURNS void
LANGUAGE sql
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
    DELETE FROM notice AS n
    USING unit AS u
    WHERE
        u.kind = 'company'
        AND n.made_at < now() - make_interval(
            days => least(setting_of(u.id, 'notice_days', company_today())::integer, 36500)
        );
$$;
