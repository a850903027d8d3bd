-- Keeps the facts of a batch that wait for an approval (facts_late()), as they were sent.
CREATE OR REPLACE FUNCTION facts_pend(facts judged_fact_in[], actors bigint[])
RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
BEGIN
    INSERT INTO fact_pending (person_id, id, unit_id, local_date, received_at, content)
    SELECT
        f.person_id,
        f.id::uuid,
        f.unit_id,
        f.local_date::date,
        now(),
        jsonb_strip_nulls(
            to_jsonb(f)
            - '{position,code,field,arguments,person_id,office_id,unit_id,local_date}'::text[]
            - '{effective,failed_reasons,rule_version}'::text[]
        )
    FROM unnest(facts_pend.facts) AS f
    WHERE f.code = 'backdated' AND f.person_id = facts_pend.actors[f.position]
    ORDER BY f.person_id, f.id::uuid
    ON CONFLICT DO NOTHING;
END;
$$;
