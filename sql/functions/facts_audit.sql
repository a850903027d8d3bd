-- Adds one row to the audit trail for each request of a batch of which facts were kept: how many,
-- and the ids of the first, as audit_counts() has them. links has the facts by position, without an
-- id where they were not kept.
CREATE OR REPLACE FUNCTION facts_audit(links fact_link[], senders fact_sender_in[])
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
    FROM unnest(facts_audit.senders) AS s
    CROSS JOIN LATERAL (
        SELECT
            min(l.of_person_id) AS person_id,
            min(l.of_unit_id) AS unit_id,
            array_agg(l.fact_id) AS ids
        FROM unnest(
            facts_audit.links[s.first_position:s.first_position + s.facts - 1]
        ) AS l
        WHERE l.fact_id IS NOT NULL
    ) AS f
    WHERE f.ids IS NOT NULL;
END;
$$;
