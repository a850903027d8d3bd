-- The facts of a batch that are to be kept: not refused, not here already, each id once, in the
-- order of the table's key, in which all batches insert and lock.
CREATE OR REPLACE FUNCTION facts_fresh(facts judged_fact_in[])
RETURNS judged_fact_in[]
LANGUAGE sql
STABLE
AS $$
    SELECT array_agg(first_sent.fact ORDER BY first_sent.office_id, first_sent.id)
    FROM (
        SELECT DISTINCT ON (sent.id) sent.*
        FROM (
            SELECT f AS fact, f.position, f.office_id, uuid_or_null(f.id) AS id
            FROM unnest(facts_fresh.facts) AS f
            WHERE f.code IS NULL
        ) AS sent
        ORDER BY sent.id, sent.position
    ) AS first_sent
    LEFT JOIN fact AS k ON k.office_id = first_sent.office_id AND k.id = first_sent.id
    WHERE k.id IS NULL;
$$;
