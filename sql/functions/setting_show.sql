-- SettingService.Show.
CREATE OR REPLACE FUNCTION setting_show(unit text, date text)
RETURNS TABLE (key text, value text, unit text, from_date text)
LANGUAGE sql
STABLE
AS $$
    SELECT s.*
    FROM unit_or_home($1) AS home (id)
    CROSS JOIN settings_in_force(
        home.id, coalesce(date_of($2, 'date'), unit_today(home.id))
    ) AS s;
$$;
