-- The reps of slots, counted from memberships (2.1): for every unit the stretches of days, and the
-- leave of each. Who leads the very unit is no rep of it while that lasts.
CREATE OR REPLACE FUNCTION report_reps_counted(slots report_slot[], as_is boolean, today date)
RETURNS report_rep[]
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        WITH
            member AS MATERIALIZED (
                SELECT m.slot, m.unit_id, m.person_id, m.from_date, m.to_date
                FROM report_members(
                    report_reps_counted.slots, report_reps_counted.as_is, report_reps_counted.today
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
            -- Who leads which unit when. Several roles of one person on one unit may overlap; they
            -- are few, and range_agg() is dear.
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
            )
        SELECT array_agg(r)
        FROM (
            SELECT
                ROW(
                    rep.slot, rep.unit_id, rep.from_date, rep.end_date, rep.reps, NULL
                )::report_rep AS r
            FROM rep
            UNION ALL
            SELECT ROW(a.slot, a.unit_id, a.date, a.date + 1, 1, a.away_milli)::report_rep
            FROM away AS a
        ) AS rows
    );
END;
$$;
