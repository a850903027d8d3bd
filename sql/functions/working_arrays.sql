-- For many units, the working time before each day of a range, and before the day after it, as an
-- array that begins with first_date: W(a, b) = before[b - first_date + 2]
-- - before[a - first_date + 1] (2.5). It is looked up, not joined: a join of one calendar's days
-- with themselves is large.
CREATE OR REPLACE FUNCTION working_arrays(units bigint[], from_date date, to_date date)
RETURNS TABLE (unit_id bigint, first_date date, before bigint[])
LANGUAGE plpgsql
STABLE
ROWS 100
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH
        calendar AS MATERIALIZED (
            SELECT c.unit_id, c.calendar_id FROM calendars_of(working_arrays.units) AS c
        ),
        -- Once for each calendar, of which there are far fewer than units.
        days AS MATERIALIZED (
            SELECT
                own.calendar_id,
                min(w.date) AS first_date,
                array_agg(w.before ORDER BY w.date) AS before
            FROM (SELECT DISTINCT c.calendar_id FROM calendar AS c) AS own
            CROSS JOIN LATERAL (
                SELECT
                    d.date,
                    (sum(d.factor_milli) OVER (ORDER BY d.date) - d.factor_milli)::bigint AS before
                FROM calendar_days(
                    own.calendar_id, working_arrays.from_date, working_arrays.to_date + 1
                ) AS d
            ) AS w
            GROUP BY own.calendar_id
        )
    SELECT c.unit_id, days.first_date, days.before
    FROM calendar AS c
    JOIN days ON days.calendar_id = c.calendar_id;
END;
$$;
