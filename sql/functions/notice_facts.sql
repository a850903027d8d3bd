-- For FactService.Log: tells people what others have done to their facts: approved those that
-- waited for it (3.4), or taken them back (3.1). Of several by the same leader at once it names the
-- latest, and how many more there are.
CREATE OR REPLACE FUNCTION notice_facts(kept fact_kept[])
RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    told notice_in[];
    actors bigint[];
BEGIN
    WITH
        done AS (
            SELECT
                k.person_id,
                k.actor_id,
                CASE WHEN k.voids IS NULL THEN 'fact_approved' ELSE 'fact_voided' END AS topic,
                jsonb_build_object(
                    'fact', f.id,
                    'kind', f.kind,
                    'customer', left(customer_name(f.customer_office_id, f.customer_id), 200),
                    'from_date', f.local_date,
                    'reason', CASE WHEN k.voids IS NOT NULL THEN left(why.note, 500) END
                ) AS detail,
                f.local_date,
                f.id
            FROM unnest(notice_facts.kept) AS k
            JOIN fact AS f ON f.office_id = k.office_id AND f.id = coalesce(k.voids, k.id)
            JOIN fact AS why ON why.office_id = k.office_id AND why.id = k.id
            WHERE
                k.actor_id <> k.person_id
                AND (
                    k.voids IS NOT NULL
                    OR EXISTS (
                        SELECT
                        FROM fact_pending AS q
                        WHERE q.person_id = k.person_id AND q.id = k.id
                    )
                )
        ),
        last_of_each AS (
            SELECT DISTINCT ON (d.person_id, d.actor_id, d.topic)
                d.*,
                count(*) OVER (PARTITION BY d.person_id, d.actor_id, d.topic) - 1 AS more
            FROM done AS d
            ORDER BY d.person_id, d.actor_id, d.topic, d.local_date DESC, d.id
        )
    SELECT
        array_agg(
            (
                l.person_id,
                l.topic,
                NULL,
                NULL,
                NULL,
                false,
                l.detail || jsonb_build_object('more', nullif(l.more, 0))
            )::notice_in
            ORDER BY l.person_id, l.actor_id, l.topic
        ),
        array_agg(l.actor_id ORDER BY l.person_id, l.actor_id, l.topic)
    INTO told, actors
    FROM last_of_each AS l;
    IF told IS NOT NULL THEN
        PERFORM notices_add(told, actors);
    END IF;
END;
$$;
