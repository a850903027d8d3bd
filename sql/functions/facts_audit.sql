-- Adds one row to the audit trail for each request of a batch of which facts were kept: how many,
-- and the ids of the first, as audit_counts() has them.
CREATE OR REPLACE FUNCTION facts_audit(
    kept fact_kept[],
    links fact_link[],
    senders fact_sender_in[]
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
        SELECT
            mine.n,
            min(k.person_id) AS person_id,
            min(k.unit_id) AS unit_id,
            array_agg(k.id ORDER BY mine.position) AS ids
        FROM (
            SELECT r.ordinality AS n, i.position
            FROM unnest(facts_audit.senders) WITH ORDINALITY AS r
            CROSS JOIN LATERAL generate_series(
                r.first_position, r.first_position + r.facts - 1
            ) AS i (position)
        ) AS mine
        JOIN unnest(facts_audit.links) WITH ORDINALITY AS l ON l.ordinality = mine.position
        JOIN unnest(facts_audit.kept) AS k ON k.id = l.fact_id
        GROUP BY mine.n
    ) AS f
    JOIN unnest(facts_audit.senders) WITH ORDINALITY AS s ON s.ordinality = f.n;
END;
$$;
