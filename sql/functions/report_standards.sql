-- What the daily standards ask of each slot (2.1): for every rep and working day the standard of
-- the rep's unit x f(d) less leave, summed, halves up. Who leads the very unit is no rep of it
-- while that lasts.
CREATE OR REPLACE FUNCTION report_standards(slots report_slot[], as_is boolean, today date)
RETURNS TABLE (slot integer, metric text, target bigint)
LANGUAGE sql
STABLE
ROWS 100
AS $$
    WITH
        member AS MATERIALIZED (
            SELECT
                m.slot,
                m.unit_id,
                m.person_id,
                datemultirange(daterange(m.from_date, m.to_date, '[]')) AS days
            FROM report_members(
                report_standards.slots, report_standards.as_is, report_standards.today
            ) AS m
        ),
        leader AS MATERIALIZED (
            SELECT
                g.person_id, g.unit_id, range_agg(daterange(g.from_date, g.to_date, '[]')) AS days
            FROM role_grant AS g
            WHERE g.lent_by IS NULL
            GROUP BY g.person_id, g.unit_id
        ),
        -- Units that are alike count as one: the first of them stands for all.
        alike AS MATERIALIZED (
            SELECT a.unit_id, a.like_id
            FROM (
                SELECT
                    array_agg(DISTINCT m.unit_id) AS units,
                    min(lower(m.days)) AS from_date,
                    max(upper(m.days)) - 1 AS to_date
                FROM member AS m
                HAVING count(*) > 0
            ) AS all_members
            CROSS JOIN LATERAL units_alike(
                all_members.units, all_members.from_date, all_members.to_date
            ) AS a
        ),
        repping AS MATERIALIZED (
            SELECT
                m.slot,
                alike.like_id AS unit_id,
                m.person_id,
                lower(part) AS from_date,
                upper(part) AS end_date
            FROM member AS m
            JOIN alike ON alike.unit_id = m.unit_id
            LEFT JOIN leader AS l ON l.person_id = m.person_id AND l.unit_id = m.unit_id
            CROSS JOIN LATERAL unnest(m.days - coalesce(l.days, '{}')) AS part
        ),
        -- Reps by kind of unit and stretch of days: how many have the same.
        rep AS MATERIALIZED (
            SELECT r.slot, r.unit_id, r.from_date, r.end_date, count(*) AS reps
            FROM repping AS r
            GROUP BY 1, 2, 3, 4
        ),
        bound AS MATERIALIZED (
            SELECT
                array_agg(DISTINCT rep.unit_id) AS units,
                min(rep.from_date) AS from_date,
                max(rep.end_date) - 1 AS to_date
            FROM rep
            HAVING count(*) > 0
        ),
        -- Days from which on another standard may hold.
        turn AS (
            SELECT bound.from_date AS date FROM bound
            UNION
            SELECT s.from_date
            FROM bound
            JOIN standard AS s
                ON s.from_date > bound.from_date AND s.from_date <= bound.to_date
            UNION
            SELECT r.from_date
            FROM bound
            JOIN reach AS r
                ON
                    r.unit_id = ANY (bound.units)
                    AND r.from_date > bound.from_date
                    AND r.from_date <= bound.to_date
        ),
        stretch AS MATERIALIZED (
            SELECT turn.date AS from_date, lead(turn.date) OVER (ORDER BY turn.date) AS end_date
            FROM turn
        ),
        asked AS MATERIALIZED (
            SELECT
                place.unit_id, stretch.from_date,
                coalesce(stretch.end_date, bound.to_date + 1) AS end_date,
                s.metric, s.target
            FROM bound
            CROSS JOIN LATERAL unnest(bound.units) AS place (unit_id)
            CROSS JOIN stretch
            CROSS JOIN LATERAL standard_of(place.unit_id, stretch.from_date) AS s
        ),
        -- Working time before each day, from first_date on: looked up, not joined, since a join of
        -- one calendar's days with themselves is large.
        calendar AS MATERIALIZED (
            SELECT
                w.unit_id,
                min(w.date) AS first_date,
                array_agg(w.before ORDER BY w.date) AS before
            FROM bound
            CROSS JOIN LATERAL working_before(bound.units, bound.from_date, bound.to_date) AS w
            GROUP BY w.unit_id
        ),
        work AS (
            SELECT
                rep.slot,
                asked.metric,
                rep.reps
                * asked.target
                * (
                    c.before[least(rep.end_date, asked.end_date) - c.first_date + 1]
                    - c.before[greatest(rep.from_date, asked.from_date) - c.first_date + 1]
                ) AS milli
            FROM rep
            JOIN asked
                ON
                    asked.unit_id = rep.unit_id
                    AND asked.from_date < rep.end_date
                    AND asked.end_date > rep.from_date
            JOIN calendar AS c ON c.unit_id = rep.unit_id
            UNION ALL
            SELECT
                r.slot,
                asked.metric,
                -asked.target
                * least(
                    l.away_milli,
                    c.before[l.date - c.first_date + 2] - c.before[l.date - c.first_date + 1]
                )
            FROM repping AS r
            JOIN leave AS l
                ON
                    l.person_id = r.person_id
                    AND l.date >= r.from_date
                    AND l.date < r.end_date
            JOIN asked
                ON
                    asked.unit_id = r.unit_id
                    AND asked.from_date <= l.date
                    AND asked.end_date > l.date
            JOIN calendar AS c ON c.unit_id = r.unit_id
        )
    SELECT work.slot, work.metric, floor(sum(work.milli) / 1000.0 + 0.5)::bigint
    FROM work
    GROUP BY work.slot, work.metric;
$$;
