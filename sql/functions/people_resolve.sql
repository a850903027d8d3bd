-- Who is meant by each of many references ('' is who asks), and whether the one who asks may write
-- for them: for oneself, or with a leading role today on the person's unit or above (domain.md 1).
-- An administrator's role reaches no sales content. actors has who asks, in the order of spelled;
-- without it the actor does. refusal is {code, field, arguments...} or NULL.
CREATE OR REPLACE FUNCTION people_resolve(
    spelled text[],
    field text,
    actors bigint[] DEFAULT NULL
)
RETURNS TABLE (reference text, actor_id bigint, person_id bigint, refusal text[])
LANGUAGE plpgsql
STABLE
ROWS 50
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH
        meant AS MATERIALIZED (
            SELECT
                asked.reference,
                asked.actor_id,
                CASE asked.reference
                    WHEN '' THEN ARRAY[asked.actor_id]
                    ELSE ARRAY(SELECT person_match(asked.reference))
                END AS people
            FROM (
                SELECT DISTINCT coalesce(r.reference, ''), coalesce(r.actor_id, actor())
                FROM unnest(people_resolve.spelled, people_resolve.actors) AS r
                (reference, actor_id)
            ) AS asked (reference, actor_id)
        ),
        single AS MATERIALIZED (
            SELECT array_agg(meant.people[1]) AS people, array_agg(meant.actor_id) AS actors
            FROM meant
            WHERE cardinality(meant.people) = 1
        ),
        reached AS MATERIALIZED (
            SELECT r.person_id, r.actor_id
            FROM single
            CROSS JOIN LATERAL people_reached(single.people, single.actors) AS r
        )
    SELECT
        meant.reference,
        meant.actor_id,
        reached.person_id,
        CASE
            WHEN cardinality(meant.people) = 0
            THEN ARRAY['unknown_person', people_resolve.field, meant.reference]
            WHEN cardinality(meant.people) > 1
            THEN ARRAY[
                'ambiguous_person',
                people_resolve.field,
                meant.reference,
                (
                    SELECT string_agg(p.handle, ', ' ORDER BY p.handle)
                    FROM person AS p
                    WHERE p.id = ANY (meant.people)
                )
            ]
            WHEN reached.person_id IS NULL
            THEN ARRAY['forbidden', people_resolve.field, meant.reference]
        END
    FROM meant
    LEFT JOIN reached
        ON
            cardinality(meant.people) = 1
            AND reached.person_id = meant.people[1]
            AND reached.actor_id = meant.actor_id;
END;
$$;
