-- Tells people: keeps the notices, and at the commit every daemon hears for whom there are new ones
-- (channel tiejun_notice, the person's id). What has a key and was told before is not told again.
--
-- actors: whose doing each of them is, where they are of several.
--
-- Rows of notice_last are locked in the order of people, so that writers queue and never deadlock.
--
-- SECURITY DEFINER: notices are for others, whose rows the actor neither sees nor writes. It tells
-- nothing.
CREATE OR REPLACE FUNCTION notices_add(notices notice_in [], actors bigint[] DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    people bigint[] := ARRAY(
        SELECT DISTINCT n.person_id FROM unnest(notices_add.notices) AS n ORDER BY n.person_id
    );
BEGIN
    INSERT INTO notice_last (person_id, place)
    SELECT p.id, 0 FROM unnest(people) AS p (id)
    ON CONFLICT DO NOTHING;
    PERFORM
    FROM notice_last AS l
    WHERE l.person_id = ANY (people)
    ORDER BY l.person_id
    FOR NO KEY UPDATE;
    WITH
        made AS (
            INSERT INTO notice (
                person_id, place, topic, key, made_at, actor_id, about_id, unit_id, led_only, detail
            )
            SELECT
                n.person_id,
                l.place + row_number() OVER (PARTITION BY n.person_id ORDER BY n.ordinality),
                n.topic,
                n.key,
                now(),
                coalesce(n.actor_id, actor()),
                n.about_id,
                n.unit_id,
                n.led_only,
                jsonb_strip_nulls(n.detail)
            FROM unnest(notices_add.notices, notices_add.actors) WITH ORDINALITY AS n (
                person_id, topic, key, about_id, unit_id, led_only, detail, actor_id
            )
            JOIN notice_last AS l ON l.person_id = n.person_id
            ON CONFLICT (person_id, topic, key) WHERE key IS NOT NULL DO NOTHING
            RETURNING person_id, place
        ),
        last AS (SELECT m.person_id, max(m.place) AS place FROM made AS m GROUP BY m.person_id),
        moved AS (
            UPDATE notice_last AS l
            SET place = last.place
            FROM last
            WHERE l.person_id = last.person_id
        )
    SELECT array_agg(last.person_id) INTO people FROM last;
    PERFORM pg_notify('tiejun_notice', p.id::text) FROM unnest(people) AS p (id);
END;
$$;
