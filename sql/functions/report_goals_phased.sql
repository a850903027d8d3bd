-- The shortest goal around a slot's range, in proportion to working days: target x W(range) /
-- W(goal), halves up; without a working day in the goal, by calendar days.
CREATE OR REPLACE FUNCTION report_goals_phased(slots report_slot[])
RETURNS TABLE (slot integer, metric text, currency text, target bigint)
LANGUAGE sql
STABLE
ROWS 100
AS $$
    WITH
        around AS MATERIALIZED (
            SELECT DISTINCT ON (g.slot, g.metric, g.currency)
                g.*,
                s.calendar_unit_id,
                s.from_date AS first_day,
                s.to_date AS last_day
            FROM report_goals(report_goals_phased.slots) AS g
            JOIN unnest(report_goals_phased.slots) AS s ON s.slot = g.slot
            WHERE
                g.from_date <= s.from_date
                AND g.to_date >= s.to_date
                AND (g.from_date, g.to_date) <> (s.from_date, s.to_date)
            ORDER BY
                g.slot, g.metric, g.currency, g.to_date - g.from_date, g.from_date
        ),
        -- Working time before each day, from first_date on.
        calendar AS MATERIALIZED (
            SELECT
                w.unit_id,
                min(w.date) AS first_date,
                array_agg(w.before ORDER BY w.date) AS before
            FROM (
                SELECT
                    array_agg(DISTINCT a.calendar_unit_id) AS units,
                    min(a.from_date) AS from_date,
                    max(a.to_date) AS to_date
                FROM around AS a
                HAVING count(*) > 0
            ) AS needed
            CROSS JOIN LATERAL working_before(
                needed.units, needed.from_date, needed.to_date
            ) AS w
            GROUP BY w.unit_id
        )
    SELECT
        a.slot,
        a.metric,
        a.currency,
        CASE
            WHEN w.of_goal > 0
            THEN floor(a.target::numeric * w.of_slot / w.of_goal + 0.5)
            ELSE floor(
                a.target::numeric * (a.last_day - a.first_day + 1) / (a.to_date - a.from_date + 1)
                + 0.5
            )
        END::bigint
    FROM around AS a
    JOIN calendar AS c ON c.unit_id = a.calendar_unit_id
    CROSS JOIN LATERAL (
        SELECT
            c.before[a.last_day - c.first_date + 2] - c.before[a.first_day - c.first_date + 1],
            c.before[a.to_date - c.first_date + 2] - c.before[a.from_date - c.first_date + 1]
    ) AS w (of_slot, of_goal);
$$;
