-- Notes of facts that waited for an approval (3.4) that they are kept now: they wait no more. Rows
-- are locked in the order of their key.
CREATE OR REPLACE FUNCTION facts_approve(kept fact_kept[])
RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
BEGIN
    UPDATE fact_pending AS q
    SET approved_at = now()
    FROM (
        SELECT w.person_id, w.id
        FROM unnest(facts_approve.kept) AS k
        JOIN fact_pending AS w ON w.person_id = k.person_id AND w.id = k.id
        ORDER BY w.person_id, w.id
        FOR NO KEY UPDATE OF w
    ) AS own
    WHERE q.person_id = own.person_id AND q.id = own.id;
END;
$$;
