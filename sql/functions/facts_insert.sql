-- Keeps fresh facts with their customers and deals, and gives the rows that are new: another daemon
-- may have brought the same fact, or another void of it, a moment ago.
CREATE OR REPLACE FUNCTION facts_insert(
    fresh judged_fact_in[],
    actors bigint[],
    named customer_named[]
)
RETURNS fact[]
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    rows_added fact[];
BEGIN
    WITH
        link AS MATERIALIZED (
            SELECT l.fact_id, l.deal_id FROM facts_deals(
                fresh, facts_insert.actors, facts_insert.named
            ) AS l
        ),
        added AS (
            INSERT INTO fact
            SELECT
                f.office_id,
                link.fact_id,
                f.person_id,
                f.unit_id,
                f.kind,
                f.occurred_at,
                f.local_date::date,
                f.recorded_at,
                now(),
                facts_insert.actors[f.position],
                coalesce(named.office_id, d.customer_office_id),
                coalesce(named.customer_id, d.customer_id),
                link.deal_id,
                f.amount_minor,
                CASE WHEN f.amount_minor IS NOT NULL THEN f.currency END,
                f.scheduled_at,
                f.decision_maker,
                f.purpose,
                f.contact_role,
                f.minutes,
                f.outcome,
                f.next_step,
                f.next_step_date::date,
                f.contact,
                f.phone,
                f.registration_number,
                f.industry,
                f.first_contact,
                f.subject,
                f.note,
                f.voids::uuid,
                coalesce(f.effective, true),
                nullif(f.failed_reasons, '{}'),
                coalesce(f.rule_version, 1),
                f.device_recorded_at
            FROM unnest(fresh) AS f
            JOIN link ON link.fact_id = f.id::uuid
            LEFT JOIN unnest(facts_insert.named) AS named ON named.spelled = f.customer
            -- The customer of a fact that names its deal alone.
            LEFT JOIN LATERAL (
                SELECT k.customer_office_id, k.customer_id
                FROM deal AS k
                WHERE k.id = f.deal::uuid AND f.customer IS NULL
                LIMIT 1
            ) AS d ON true
            ORDER BY f.office_id, link.fact_id
            ON CONFLICT DO NOTHING
            RETURNING fact AS kept
        )
    SELECT array_agg(added.kept) INTO rows_added FROM added;
    RETURN rows_added;
END;
$$;
