-- Of many people, those for whom the actor may write: the actor, and whoever's unit (the last one
-- known, as in person_unit()) lies at or below a unit on which the actor leads today.
CREATE OR REPLACE FUNCTION people_reached(people bigint[])
RETURNS TABLE (person_id bigint)
LANGUAGE plpgsql
STABLE
ROWS 50
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH
        belonging AS MATERIALIZED (
            SELECT m.person_id, m.unit_id, m.from_date, m.to_date
            FROM membership AS m
            WHERE m.person_id = ANY (people_reached.people)
        ),
        clock AS MATERIALIZED (
            SELECT b.unit_id, unit_today(b.unit_id) AS today
            FROM (SELECT DISTINCT belonging.unit_id FROM belonging) AS b
        ),
        home AS (
            SELECT DISTINCT ON (b.person_id) b.person_id, b.unit_id
            FROM belonging AS b
            JOIN clock ON clock.unit_id = b.unit_id
            ORDER BY
                b.person_id, (clock.today BETWEEN b.from_date AND b.to_date) DESC, b.from_date DESC
        ),
        held AS MATERIALIZED (
            SELECT g.unit_id, g.from_date, g.to_date, unit_today(g.unit_id) AS today
            FROM role_grant AS g
            WHERE
                g.person_id = actor()
                AND g.role IN ('supervisor', 'region_manager', 'director')
        ),
        led AS MATERIALIZED (
            SELECT DISTINCT r.unit_id
            FROM held
            JOIN reach AS r ON r.ancestor_id = held.unit_id
            JOIN unit AS u ON u.id = r.unit_id
            WHERE
                held.today BETWEEN held.from_date AND held.to_date
                AND greatest(held.today, u.exists_from) BETWEEN r.from_date AND r.to_date
        )
    SELECT p.id
    FROM unnest(people_reached.people) AS p (id)
    WHERE
        p.id = actor()
        OR p.id IN (
            SELECT home.person_id
            FROM home
            JOIN led ON led.unit_id = home.unit_id
        );
END;
$$;
