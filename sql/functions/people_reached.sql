-- Of many pairs of an actor and a person, those in which the one may write for the other: for
-- itself, and for whoever's unit (the last one known, as in person_unit()) lies at or below a unit
-- on which it leads today. Where there are no actors it is the one that acts.
--
-- SECURITY DEFINER: where somebody went who was once led is not shown, and where it was must not
-- pass for where it is. It tells only for whom one may write.
CREATE OR REPLACE FUNCTION people_reached(people bigint[], actors bigint[] DEFAULT NULL)
RETURNS TABLE (person_id bigint, actor_id bigint)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = tiejun, pg_temp
ROWS 1000
AS $$
#variable_conflict use_column
BEGIN
    -- What nearly all ask.
    IF people_reached.people = people_reached.actors THEN
        RETURN QUERY
        SELECT DISTINCT own.id, own.id FROM unnest(people_reached.people) AS own (id);
        RETURN;
    END IF;
    RETURN QUERY
    WITH
        asked AS MATERIALIZED (
            SELECT DISTINCT a.person_id, coalesce(a.actor_id, actor()) AS actor_id
            FROM unnest(people_reached.people, people_reached.actors) AS a (person_id, actor_id)
        ),
        belonging AS MATERIALIZED (
            SELECT m.person_id, m.unit_id, m.from_date, m.to_date
            FROM membership AS m
            WHERE
                m.person_id = ANY (
                    ARRAY(SELECT a.person_id FROM asked AS a WHERE a.person_id <> a.actor_id)
                )
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
            SELECT g.person_id, g.unit_id, g.from_date, g.to_date, unit_today(g.unit_id) AS today
            FROM role_grant AS g
            WHERE
                g.person_id = ANY (
                    ARRAY(SELECT a.actor_id FROM asked AS a WHERE a.person_id <> a.actor_id)
                )
                AND g.role IN ('supervisor', 'region_manager', 'director')
        ),
        led AS MATERIALIZED (
            SELECT DISTINCT held.person_id AS actor_id, r.unit_id
            FROM held
            JOIN reach AS r ON r.ancestor_id = held.unit_id
            JOIN unit AS u ON u.id = r.unit_id
            WHERE
                held.today BETWEEN held.from_date AND held.to_date
                AND greatest(held.today, u.exists_from) BETWEEN r.from_date AND r.to_date
        )
    SELECT a.person_id, a.actor_id
    FROM asked AS a
    WHERE a.person_id = a.actor_id
    UNION ALL
    SELECT at_home.person_id, at_home.actor_id
    FROM (
        SELECT a.person_id, a.actor_id, home.unit_id
        FROM asked AS a
        JOIN home ON home.person_id = a.person_id
        WHERE a.person_id <> a.actor_id
        -- First of all: each person with every unit that is led would be many.
        OFFSET 0
    ) AS at_home
    JOIN led ON led.actor_id = at_home.actor_id AND led.unit_id = at_home.unit_id;
END;
$$;
