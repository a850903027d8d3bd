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
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    whole goal := goal_find(
        goal_phase_calendars.unit,
        goal_phase_calendars.person,
        goal_phase_calendars.metric,
        goal_phase_calendars.from_date,
        goal_phase_calendars.to_date,
        goal_phase_calendars.currency
    );
    rows_wanted integer := least(greatest(coalesce(goal_phase_calendars.page_size, 200), 1), 400);
BEGIN
    RETURN QUERY
    SELECT c.calendar_id, array_agg(d.factor_milli ORDER BY d.date)
    FROM (
        SELECT DISTINCT o.calendar_id
        FROM (
            SELECT array_agg(DISTINCT g.home_id) AS units
            FROM (
                SELECT p.home_id
                FROM goal_phase_page(
                    whole,
                    coalesce(goal_phase_calendars.deep, false) AND whole.unit_id IS NOT NULL,
                    rows_wanted,
                    CASE
                        WHEN goal_phase_calendars.cursor ~ '^\d{1,18}$'
                        THEN goal_phase_calendars.cursor::bigint
                        ELSE 0
                    END
                ) AS p
                ORDER BY p.id
                LIMIT rows_wanted
            ) AS g
        ) AS needed
        CROSS JOIN LATERAL calendars_of(needed.units) AS o
    ) AS c
    CROSS JOIN LATERAL calendar_days(c.calendar_id, whole.from_date, whole.to_date) AS d
    GROUP BY c.calendar_id;
END;
$$;
