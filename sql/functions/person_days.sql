-- Rule 2.5 for a person: every day of a range with f(d) in thousandths by the calendar of the unit
-- that the person belonged to, less leave; for days without a membership, of the unit that it
-- belongs to today.
CREATE OR REPLACE FUNCTION person_days(person_id bigint, from_date date, to_date date)
RETURNS TABLE (date date, factor_milli integer, name text, away_milli integer)
LANGUAGE sql
STABLE
AS $$
    WITH
        belonging AS MATERIALIZED (
            SELECT
                m.unit_id,
                greatest(m.from_date, person_days.from_date) AS from_date,
                least(m.to_date, person_days.to_date) AS to_date
            FROM membership AS m
            WHERE
                m.person_id = person_days.person_id
                AND m.from_date <= person_days.to_date
                AND m.to_date >= person_days.from_date
        ),
        place AS (
            SELECT b.unit_id, b.from_date, b.to_date FROM belonging AS b
            UNION ALL
            SELECT person_unit(person_days.person_id), lower(part), upper(part) - 1
            FROM (
                SELECT
                    datemultirange(daterange(person_days.from_date, person_days.to_date, '[]'))
                    - coalesce(range_agg(daterange(b.from_date, b.to_date, '[]')), '{}') AS days
                FROM belonging AS b
            ) AS gap
            CROSS JOIN LATERAL unnest(gap.days) AS part
        )
    SELECT
        d.date,
        greatest(d.factor_milli - coalesce(l.away_milli, 0), 0),
        d.name,
        l.away_milli
    FROM place
    CROSS JOIN LATERAL calendar_days(place.unit_id, place.from_date, place.to_date) AS d
    LEFT JOIN leave AS l ON l.person_id = person_days.person_id AND l.date = d.date
    ORDER BY d.date;
$$;
