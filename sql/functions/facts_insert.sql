-- Keeps facts with what they belong to, in the order of the table's key, in which all batches
-- insert and lock, and gives what is new: another daemon may have brought the same fact, or another
-- void of it, a moment ago.
CREATE OR REPLACE FUNCTION facts_insert(
    facts judged_fact_in[],
    links fact_link[],
    actors bigint[]
)
RETURNS fact_kept[]
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    kept fact_kept[];
BEGIN
    WITH
        added AS (
            INSERT INTO fact
            SELECT
                f.office_id,
                f.fact_id,
                f.person_id,
                f.unit_id,
                f.kind,
                f.occurred_at,
                f.local_date::date,
                f.recorded_at,
                now(),
                facts_insert.actors[f.position],
                f.customer_office_id,
                f.customer_id,
                f.deal_id,
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
            -- Side by side, by position.
            FROM unnest(facts_insert.facts, facts_insert.links) AS f
            WHERE f.fact_id IS NOT NULL
            ORDER BY f.office_id, f.fact_id
            ON CONFLICT DO NOTHING
            RETURNING *
        )
    SELECT
        array_agg(
            ROW(
                a.office_id,
                a.id,
                a.person_id,
                a.unit_id,
                a.kind,
                a.occurred_at,
                a.local_date,
                a.actor_id,
                a.customer_office_id,
                a.customer_id,
                a.deal_id,
                a.amount_minor,
                a.currency,
                a.voids,
                a.effective
            )::fact_kept
        )
    INTO kept
    FROM added AS a;
    RETURN kept;
END;
$$;
