-- Adds one row to the audit trail for each request of a batch of which facts were kept: how many,
-- and the ids of the first, as audit_counts() has them.
CREATE OR REPLACE FUNCTION facts_audit(
    facts judged_fact_in[],
    senders fact_sender_in[],
    kept uuid[]
)
RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
BEGIN
    INSERT INTO audit (
        actor_id, lender_id, device, address, method, object_kind, person_id, unit_id, after
    )
    SELECT
        s.actor_id,
        CASE WHEN f.person_id <> s.actor_id THEN actor_lender(s.actor_id, f.unit_id) END,
        s.device,
        s.address,
        'FactService.Log',
        'fact',
        f.person_id,
        f.unit_id,
        jsonb_build_object('kept', cardinality(f.ids), 'ids', to_jsonb(f.ids[:20]))
    FROM (
        -- By position: to cut each request's facts out of the array would read it each time.
        SELECT
            mine.n,
            min(k.person_id) AS person_id,
            min(k.unit_id) AS unit_id,
            array_agg(k.id::uuid ORDER BY k.position) AS ids
        FROM (
            SELECT r.ordinality AS n, i.position
            FROM unnest(facts_audit.senders) WITH ORDINALITY AS r
            CROSS JOIN LATERAL generate_series(
                r.first_position, r.first_position + r.facts - 1
            ) AS i (position)
        ) AS mine
        JOIN unnest(facts_audit.facts) AS k ON k.position = mine.position
        WHERE k.id::uuid IN (SELECT unnest(facts_audit.kept))
        GROUP BY mine.n
    ) AS f
    JOIN unnest(facts_audit.senders) WITH ORDINALITY AS s ON s.ordinality = f.n;
END;
$$;
