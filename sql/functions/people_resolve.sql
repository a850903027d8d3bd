-- Who is meant by each of many references, by position ('' is who asks), and whether the one who
-- asks may write for them: for oneself, or with a leading role today on the person's unit or above
-- (domain.md 1). An administrator's role reaches no sales content. actors has who asks, in the same
-- order; without it the actor does. refusal is {code, field, arguments...} or NULL.
CREATE OR REPLACE FUNCTION people_resolve(
    spelled text[],
    field text,
    actors bigint[] DEFAULT NULL
)
RETURNS TABLE ("position" integer, reference text, person_id bigint, refusal text[])
LANGUAGE plpgsql
STABLE
ROWS 1000
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH
        asked AS MATERIALIZED (
            SELECT r.*, dense_rank() OVER (ORDER BY r.reference, r.actor_id) AS n
            FROM (
                SELECT s.ordinality, coalesce(s.reference, ''), coalesce(s.actor_id, actor())
                FROM unnest(people_resolve.spelled, people_resolve.actors) WITH ORDINALITY AS s
                (reference, actor_id)
            ) AS r (position, reference, actor_id)
        ),
        -- Each pair once, by number: a join by the texts of a large batch would be dear.
        meant AS MATERIALIZED (
            SELECT
                a.n,
                a.reference,
                a.actor_id,
                CASE a.reference
                    WHEN '' THEN ARRAY[a.actor_id]
                    ELSE ARRAY(SELECT person_match(a.reference))
                END AS people
            FROM (SELECT DISTINCT asked.n, asked.reference, asked.actor_id FROM asked) AS a
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
        asked.position::integer,
        meant.reference,
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
    FROM asked
    JOIN meant ON meant.n = asked.n
    LEFT JOIN reached
        ON
            cardinality(meant.people) = 1
            AND reached.person_id = meant.people[1]
            AND reached.actor_id = meant.actor_id;
END;
$$;
