-- Who is meant by each of many references ('' is the actor), and whether the actor may write for
-- them: for oneself, or with a leading role today on the person's unit or above (domain.md 1). An
-- administrator's role reaches no sales content. refusal is {code, field, arguments...} or NULL.
CREATE OR REPLACE FUNCTION people_resolve(spelled text[], field text)
RETURNS TABLE (reference text, person_id bigint, refusal text[])
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
                CASE asked.reference
                    WHEN '' THEN ARRAY[actor()]
                    ELSE ARRAY(SELECT person_match(asked.reference))
                END AS people
            FROM (
                SELECT DISTINCT coalesce(r, '')
                FROM unnest(people_resolve.spelled) AS r
            ) AS asked (reference)
        ),
        reached AS MATERIALIZED (
            SELECT r.person_id
            FROM people_reached(
                ARRAY(SELECT meant.people[1] FROM meant WHERE cardinality(meant.people) = 1)
            ) AS r
        )
    SELECT
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
    FROM meant
    LEFT JOIN reached
        ON cardinality(meant.people) = 1 AND reached.person_id = meant.people[1];
END;
$$;
