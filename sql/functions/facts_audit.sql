-- Adds one row to the audit trail for each request of a batch of which facts were kept: how many,
-- and the ids of the first.
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
        audit_counts(f.ids, NULL)
    FROM unnest(facts_audit.senders) AS s
    CROSS JOIN LATERAL (
        SELECT min(k.person_id), min(k.unit_id), array_agg(k.id::uuid ORDER BY k.ordinality)
        FROM unnest(facts_audit.facts[s.first_position:s.first_position + s.facts - 1])
            WITH ORDINALITY AS k
        WHERE k.id::uuid IN (SELECT unnest(facts_audit.kept))
    ) AS f (person_id, unit_id, ids)
    WHERE f.ids IS NOT NULL;
END;
$$;
