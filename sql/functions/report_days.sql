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
        calendar AS MATERIALIZED (
            SELECT w.unit_id, w.first_date, w.before
            FROM (
                SELECT
                    array_agg(DISTINCT a.calendar_unit_id) AS units,
                    min(a.from_date) AS from_date,
                    max(a.end_date) - 1 AS to_date
                FROM asked AS a
            ) AS needed
            CROSS JOIN LATERAL working_arrays(
                needed.units, needed.from_date, needed.to_date
            ) AS w
        ),
        absent AS MATERIALIZED (
            SELECT
                a.slot,
                sum(taken.milli) AS whole,
                sum(taken.milli) FILTER (WHERE l.date < a.past_end) AS past
            FROM asked AS a
            JOIN calendar AS c ON c.unit_id = a.calendar_unit_id
            JOIN leave AS l
                ON
                    l.person_id = a.goal_person_id
                    AND l.date >= a.from_date
                    AND l.date < a.end_date
            CROSS JOIN LATERAL (
                SELECT
                    least(
                        l.away_milli,
                        c.before[l.date - c.first_date + 2] - c.before[l.date - c.first_date + 1]
                    )
            ) AS taken (milli)
            GROUP BY a.slot
        )
    SELECT
        a.slot,
        (
            c.before[a.end_date - c.first_date + 1]
            - c.before[a.from_date - c.first_date + 1]
            - coalesce(absent.whole, 0)
        )::bigint,
        (
            c.before[a.past_end - c.first_date + 1]
            - c.before[a.from_date - c.first_date + 1]
            - coalesce(absent.past, 0)
        )::bigint
    FROM asked AS a
    JOIN calendar AS c ON c.unit_id = a.calendar_unit_id
    LEFT JOIN absent ON absent.slot = a.slot;
$$;
