-- The facts of a batch that are to be kept: not refused, not here already, each id once, in the
-- order of the table's key, in which all batches insert and lock.
CREATE OR REPLACE FUNCTION facts_fresh(facts judged_fact_in[])
RETURNS judged_fact_in[]
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        SELECT array_agg(first_sent.fact ORDER BY first_sent.office_id, first_sent.id)
        FROM (
            SELECT DISTINCT ON (sent.id) sent.*
            FROM (
                SELECT f AS fact, f.position, f.office_id, f.id::uuid AS id
                FROM unnest(facts_fresh.facts) AS f
                -- What is not refused has an id that is one.
                WHERE f.code IS NULL
            ) AS sent
            ORDER BY sent.id, sent.position
        ) AS first_sent
        -- By the key, one by one: LIMIT keeps it from reading the whole table for one batch.
        LEFT JOIN LATERAL (
            SELECT f.id
            FROM fact AS f
            WHERE f.office_id = first_sent.office_id AND f.id = first_sent.id
            LIMIT 1
        ) AS k ON true
        WHERE k.id IS NULL
    );
END;
$$;
