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
    FROM (
        SELECT
            l.n,
            min(l.of_person_id) AS person_id,
            min(l.of_unit_id) AS unit_id,
            array_agg(l.fact_id ORDER BY l.ordinality) AS ids
        FROM unnest(
            facts_audit.links,
            -- Which request each fact is of: they follow each other.
            ARRAY(
                SELECT r.ordinality
                FROM unnest(facts_audit.senders) WITH ORDINALITY AS r
                CROSS JOIN generate_series(1, r.facts)
                ORDER BY r.ordinality
            )
        ) WITH ORDINALITY AS l (
            fact_id, customer_office_id, customer_id, deal_id, of_person_id, of_unit_id, n
        )
        WHERE l.fact_id IS NOT NULL
        GROUP BY l.n
    ) AS f
    JOIN unnest(facts_audit.senders) WITH ORDINALITY AS s ON s.ordinality = f.n;
END;
$$;
