-- Working time of each slot's range by its own calendar: all, and past, today included (2.8). A
-- person's is less its leave (2.5).
CREATE OR REPLACE FUNCTION report_days(slots report_slot[], today date)
RETURNS TABLE (slot integer, working_millidays bigint, elapsed_millidays bigint)
LANGUAGE sql
STABLE
ROWS 100
AS $$
    WITH
        asked AS MATERIALIZED (
            SELECT
                s.slot,
                s.calendar_unit_id,
                s.goal_person_id,
                s.from_date,
                s.to_date + 1 AS end_date,
                least(greatest(report_days.today + 1, s.from_date), s.to_date + 1) AS past_end
            FROM unnest(report_days.slots) AS s
        ),
        working AS MATERIALIZED (
            SELECT w.*
            FROM (
                SELECT
                    array_agg(DISTINCT a.calendar_unit_id) AS units,
                    min(a.from_date) AS from_date,
                    max(a.end_date) - 1 AS to_date
                FROM asked AS a
            ) AS needed
            CROSS JOIN LATERAL working_before(
                needed.units, needed.from_date, needed.to_date
            ) AS w
        ),
        absent AS MATERIALIZED (
            SELECT
                a.slot,
                sum(least(l.away_milli, e.before - b.before)) AS whole,
                sum(least(l.away_milli, e.before - b.before)) FILTER (
                    WHERE l.date < a.past_end
                ) AS past
            FROM asked AS a
            JOIN leave AS l
                ON
                    l.person_id = a.goal_person_id
                    AND l.date >= a.from_date
                    AND l.date < a.end_date
            JOIN working AS b ON b.unit_id = a.calendar_unit_id AND b.date = l.date
            JOIN working AS e ON e.unit_id = a.calendar_unit_id AND e.date = l.date + 1
            GROUP BY a.slot
        )
    SELECT
        a.slot,
        (e.before - b.before - coalesce(absent.whole, 0))::bigint,
        (p.before - b.before - coalesce(absent.past, 0))::bigint
    FROM asked AS a
    JOIN working AS b ON b.unit_id = a.calendar_unit_id AND b.date = a.from_date
    JOIN working AS e ON e.unit_id = a.calendar_unit_id AND e.date = a.end_date
    JOIN working AS p ON p.unit_id = a.calendar_unit_id AND p.date = a.past_end
    LEFT JOIN absent ON absent.slot = a.slot;
$$;
