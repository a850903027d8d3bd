-- For many units, the working time from the first day of a range up to, not including, each day of
-- it and the day after it: W(a, b) = before(b + 1) - before(a) (2.5). Worked out once for each
-- calendar, of which there are far fewer than units.
CREATE OR REPLACE FUNCTION working_before(units bigint[], from_date date, to_date date)
RETURNS TABLE (unit_id bigint, date date, before bigint)
LANGUAGE sql
STABLE
AS $$
    WITH
        calendar AS MATERIALIZED (
            SELECT c.unit_id, c.calendar_id FROM calendars_of(working_before.units) AS c
        ),
        day AS MATERIALIZED (
            SELECT
                c.calendar_id,
                d.date,
                (
                    sum(d.factor_milli) OVER (PARTITION BY c.calendar_id ORDER BY d.date)
                    - d.factor_milli
                )::bigint AS before
            FROM (SELECT DISTINCT calendar.calendar_id FROM calendar) AS c
            CROSS JOIN LATERAL calendar_days(
                c.calendar_id, working_before.from_date, working_before.to_date + 1
            ) AS d
        )
    SELECT calendar.unit_id, day.date, day.before
    FROM calendar
    JOIN day ON day.calendar_id = calendar.calendar_id;
$$;
