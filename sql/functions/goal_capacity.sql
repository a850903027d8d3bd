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
        working AS MATERIALIZED (
            SELECT w.unit_id, w.date, w.before
            FROM (SELECT array_agg(DISTINCT rep.unit_id) AS units FROM rep) AS needed
            CROSS JOIN LATERAL working_before(
                needed.units, goal_capacity.from_date, goal_capacity.to_date
            ) AS w
        ),
        whole AS MATERIALIZED (
            SELECT w.unit_id, max(w.before) AS milli FROM working AS w GROUP BY w.unit_id
        ),
        absent AS MATERIALIZED (
            SELECT l.person_id, sum(least(l.away_milli, e.before - b.before)) AS milli
            FROM (SELECT DISTINCT rep.person_id, rep.unit_id FROM rep) AS rep
            JOIN leave AS l
                ON
                    l.person_id = rep.person_id
                    AND l.date BETWEEN goal_capacity.from_date AND goal_capacity.to_date
            JOIN working AS b ON b.unit_id = rep.unit_id AND b.date = l.date
            JOIN working AS e ON e.unit_id = rep.unit_id AND e.date = l.date + 1
            GROUP BY l.person_id
        )
    SELECT rep.place, sum(whole.milli - coalesce(absent.milli, 0))::bigint
    FROM rep
    JOIN whole ON whole.unit_id = rep.unit_id
    LEFT JOIN absent ON absent.person_id = rep.person_id
    GROUP BY rep.place;
$$;
