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
            SELECT m.slot, m.unit_id, m.person_id, m.from_date, m.to_date
            FROM report_members(
                report_standards.slots, report_standards.as_is, report_standards.today
            ) AS m
        ),
        -- How many belonged to a unit from one day to another: nearly always the whole range.
        belonging AS MATERIALIZED (
            SELECT m.slot, m.unit_id, m.from_date, m.to_date, count(*) AS people
            FROM member AS m
            GROUP BY m.slot, m.unit_id, m.from_date, m.to_date
        ),
        place AS MATERIALIZED (
            SELECT
                array_agg(DISTINCT b.unit_id) AS units,
                min(b.from_date) AS from_date,
                max(b.to_date) AS to_date
            FROM belonging AS b
            HAVING count(*) > 0
        ),
        -- Units that are alike count as one: the first of them stands for all.
        alike AS MATERIALIZED (
            SELECT a.unit_id, a.like_id
            FROM place
            CROSS JOIN LATERAL units_alike(place.units, place.from_date, place.to_date) AS a
        ),
        role AS MATERIALIZED (
            SELECT
                g.person_id, g.unit_id, g.from_date, g.to_date,
                count(*) OVER (PARTITION BY g.person_id, g.unit_id) > 1 AS has_others
            FROM place
            JOIN role_grant AS g ON g.unit_id = ANY (place.units)
            WHERE g.lent_by IS NULL
        ),
        -- Who leads which unit when. Several roles of one person on one unit may overlap; they are
        -- few, and range_agg() is dear.
        leader AS MATERIALIZED (
            SELECT r.person_id, r.unit_id, r.from_date, r.to_date
            FROM role AS r
            WHERE NOT r.has_others
            UNION ALL
            SELECT several.person_id, several.unit_id, lower(part), upper(part) - 1
            FROM (
                SELECT
                    r.person_id, r.unit_id,
                    range_agg(daterange(r.from_date, r.to_date, '[]')) AS days
                FROM role AS r
                WHERE r.has_others
                GROUP BY r.person_id, r.unit_id
            ) AS several
            CROSS JOIN LATERAL unnest(several.days) AS part
        ),
        -- Reps by kind of unit and stretch of days, less those who led.
        rep AS MATERIALIZED (
            SELECT
                b.slot,
                alike.like_id AS unit_id,
                b.from_date,
                b.to_date + 1 AS end_date,
                sum(b.people) AS reps
            FROM belonging AS b
            JOIN alike ON alike.unit_id = b.unit_id
            GROUP BY 1, 2, 3, 4
            UNION ALL
            SELECT
                m.slot,
                alike.like_id,
                greatest(m.from_date, l.from_date),
                least(m.to_date, l.to_date) + 1,
                -count(*)
            FROM leader AS l
            JOIN member AS m
                ON
                    m.person_id = l.person_id
                    AND m.unit_id = l.unit_id
                    AND m.from_date <= l.to_date
                    AND m.to_date >= l.from_date
            JOIN alike ON alike.unit_id = m.unit_id
            GROUP BY 1, 2, 3, 4
        ),
        -- Their leave; of reps only.
        away AS MATERIALIZED (
            SELECT m.slot, alike.like_id AS unit_id, l.date, l.away_milli
            FROM member AS m
            JOIN leave AS l
                ON l.person_id = m.person_id AND l.date BETWEEN m.from_date AND m.to_date
            JOIN alike ON alike.unit_id = m.unit_id
            WHERE
                NOT EXISTS (
                    SELECT
                    FROM leader AS g
                    WHERE
                        g.person_id = m.person_id
                        AND g.unit_id = m.unit_id
                        AND l.date BETWEEN g.from_date AND g.to_date
                )
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
                kind.unit_id, stretch.from_date,
                coalesce(stretch.end_date, bound.to_date + 1) AS end_date,
                s.metric, s.target
            FROM bound
            CROSS JOIN LATERAL unnest(bound.units) AS kind (unit_id)
            CROSS JOIN stretch
            CROSS JOIN LATERAL standard_of(kind.unit_id, stretch.from_date) AS s
        ),
        calendar AS MATERIALIZED (
            SELECT w.unit_id, w.first_date, w.before
            FROM bound
            CROSS JOIN LATERAL working_arrays(bound.units, bound.from_date, bound.to_date) AS w
        ),
        work AS (
            SELECT
                rep.slot,
                asked.metric,
                rep.reps * (common.end_date - common.from_date) AS person_days,
                rep.reps
                * asked.target
                * (
                    c.before[common.end_date - c.first_date + 1]
                    - c.before[common.from_date - c.first_date + 1]
                ) AS milli
            FROM rep
            JOIN asked
                ON
                    asked.unit_id = rep.unit_id
                    AND asked.from_date < rep.end_date
                    AND asked.end_date > rep.from_date
            JOIN calendar AS c ON c.unit_id = rep.unit_id
            CROSS JOIN LATERAL (
                SELECT
                    greatest(rep.from_date, asked.from_date),
                    least(rep.end_date, asked.end_date)
            ) AS common (from_date, end_date)
            UNION ALL
            SELECT
                a.slot,
                asked.metric,
                0,
                -asked.target
                * least(
                    a.away_milli,
                    c.before[a.date - c.first_date + 2] - c.before[a.date - c.first_date + 1]
                )
            FROM away AS a
            JOIN asked
                ON
                    asked.unit_id = a.unit_id
                    AND asked.from_date <= a.date
                    AND asked.end_date > a.date
            JOIN calendar AS c ON c.unit_id = a.unit_id
        )
    SELECT work.slot, work.metric, floor(sum(work.milli) / 1000.0 + 0.5)::bigint
    FROM work
    GROUP BY work.slot, work.metric
    -- Nothing is asked where there is nobody but leaders.
    HAVING sum(work.person_days) > 0;
$$;
