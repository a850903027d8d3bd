-- The people whose unit, the last one known, lies at or below a unit today.
CREATE OR REPLACE FUNCTION people_below(unit_id bigint)
RETURNS TABLE (person_id bigint)
LANGUAGE sql
STABLE
AS $$
    WITH
        -- Asked for once, not for everybody.
        now AS MATERIALIZED (SELECT unit_today(people_below.unit_id) AS today),
        below AS MATERIALIZED (
            SELECT r.unit_id
            FROM now
            CROSS JOIN reach AS r
            JOIN unit AS u ON u.id = r.unit_id
            WHERE
                r.ancestor_id = people_below.unit_id
                AND greatest(now.today, u.exists_from) BETWEEN r.from_date AND r.to_date
        ),
        -- Whoever was ever there, with whatever they belonged to.
        belonging AS (
            SELECT DISTINCT ON (m.person_id) m.person_id, m.unit_id
            FROM now
            CROSS JOIN membership AS m
            WHERE m.person_id IN (
                SELECT b.person_id
                FROM membership AS b
                JOIN below ON below.unit_id = b.unit_id
            )
            ORDER BY
                m.person_id,
                (now.today BETWEEN m.from_date AND m.to_date) DESC,
                m.from_date DESC
        )
    SELECT b.person_id
    FROM belonging AS b
    JOIN below ON below.unit_id = b.unit_id;
$$;
