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
        working AS MATERIALIZED (
            SELECT w.*
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
        )
    SELECT
        a.slot,
        a.metric,
        a.currency,
        CASE
            WHEN goal_end.before > goal_start.before
            THEN floor(
                a.target::numeric * (slot_end.before - slot_start.before)
                / (goal_end.before - goal_start.before)
                + 0.5
            )
            ELSE floor(
                a.target::numeric * (a.last_day - a.first_day + 1) / (a.to_date - a.from_date + 1)
                + 0.5
            )
        END::bigint
    FROM around AS a
    JOIN working AS slot_start
        ON slot_start.unit_id = a.calendar_unit_id AND slot_start.date = a.first_day
    JOIN working AS slot_end
        ON slot_end.unit_id = a.calendar_unit_id AND slot_end.date = a.last_day + 1
    JOIN working AS goal_start
        ON goal_start.unit_id = a.calendar_unit_id AND goal_start.date = a.from_date
    JOIN working AS goal_end
        ON goal_end.unit_id = a.calendar_unit_id AND goal_end.date = a.to_date + 1;
$$;
