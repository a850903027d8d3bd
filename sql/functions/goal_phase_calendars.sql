-- GoalService.Phase: the calendars of the page's goals, each day's f(d) in thousandths.
CREATE OR REPLACE FUNCTION goal_phase_calendars(
    unit text,
    person text,
    metric text,
    from_date text,
    to_date text,
    currency text,
    deep boolean,
    seasons stated_weight_in [],
    page_size integer,
    cursor text
)
RETURNS TABLE (calendar bigint, factors_milli integer[])
LANGUAGE sql
STABLE
AS $$
    SELECT c.calendar, array_agg(d.factor_milli ORDER BY d.date)
    FROM (
        SELECT DISTINCT p.calendar
        FROM goal_phase($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AS p
    ) AS c
    CROSS JOIN LATERAL calendar_days(c.calendar, $4::date, $5::date) AS d
    GROUP BY c.calendar;
$$;
