-- StandardService.Show: the daily standards in force for a unit (2.1): of each metric that of the
-- nearest unit above, by its latest day.
CREATE OR REPLACE FUNCTION standard_show(unit text, date text)
RETURNS TABLE (metric text, target bigint, from_date text, unit text)
LANGUAGE sql
STABLE
AS $$
    WITH
        asked AS MATERIALIZED (
            SELECT
                home.id,
                coalesce(date_of(standard_show.date, 'date'), unit_today(home.id)) AS day
            FROM unit_or_home(standard_show.unit) AS home (id)
        )
    SELECT s.metric, s.target, s.from_date::text, u.path
    FROM asked
    CROSS JOIN standard_of(asked.id, asked.day) AS s
    JOIN unit AS u ON u.id = s.unit_id
    JOIN metric AS m ON m.metric = s.metric
    ORDER BY m.position;
$$;
