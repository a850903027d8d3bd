-- Working person-days of each node in a range, in thousandths (2.3, 2.5): of the reps that it has
-- on a day, by the calendar of their unit, less leave.
CREATE OR REPLACE FUNCTION goal_capacity(
    nodes goal_node[],
    day date,
    from_date date,
    to_date date
)
RETURNS TABLE (place integer, weight bigint)
LANGUAGE sql
STABLE
ROWS 100
AS $$
    WITH
        rep AS MATERIALIZED (
            SELECT r.* FROM goal_reps(goal_capacity.nodes, goal_capacity.day) AS r
        ),
        calendar AS MATERIALIZED (
            SELECT w.unit_id, w.first_date, w.before
            FROM (SELECT array_agg(DISTINCT rep.unit_id) AS units FROM rep) AS needed
            CROSS JOIN LATERAL working_arrays(
                needed.units, goal_capacity.from_date, goal_capacity.to_date
            ) AS w
        ),
        absent AS MATERIALIZED (
            SELECT
                l.person_id,
                sum(
                    least(
                        l.away_milli,
                        c.before[l.date - c.first_date + 2] - c.before[l.date - c.first_date + 1]
                    )
                ) AS milli
            FROM (SELECT DISTINCT rep.person_id, rep.unit_id FROM rep) AS rep
            JOIN calendar AS c ON c.unit_id = rep.unit_id
            JOIN leave AS l
                ON
                    l.person_id = rep.person_id
                    AND l.date BETWEEN goal_capacity.from_date AND goal_capacity.to_date
            GROUP BY l.person_id
        )
    SELECT
        rep.place,
        sum(
            c.before[goal_capacity.to_date - c.first_date + 2] - coalesce(absent.milli, 0)
        )::bigint
    FROM rep
    JOIN calendar AS c ON c.unit_id = rep.unit_id
    LEFT JOIN absent ON absent.person_id = rep.person_id
    GROUP BY rep.place;
$$;
