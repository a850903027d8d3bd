-- Facts as FactRecord, in the order given: with whose they are, the hour in the office's zone
-- (1.2), and the fact that took each one back. A void is shown with the customer of what it takes
-- back, and with its note, which says why.
CREATE OR REPLACE FUNCTION facts_shown(facts fact[])
RETURNS TABLE (
    id text,
    person text,
    person_name text,
    unit text,
    kind text,
    occurred_at timestamptz,
    local_date text,
    local_time text,
    customer text,
    deal text,
    amount_minor bigint,
    currency text,
    effective boolean,
    failed_reasons text[],
    note text,
    voided_by text,
    summary text
)
LANGUAGE sql
STABLE
AS $$
    WITH
        office AS MATERIALIZED (
            SELECT o.id, unit_time_zone(o.id) AS time_zone
            FROM (SELECT DISTINCT f.office_id FROM unnest(facts_shown.facts) AS f) AS o (id)
        )
    SELECT
        f.id::text,
        p.handle,
        p.name,
        u.path,
        f.kind,
        f.occurred_at,
        f.local_date::text,
        to_char(f.occurred_at AT TIME ZONE office.time_zone, 'HH24:MI'),
        customer_name(
            coalesce(f.customer_office_id, v.customer_office_id),
            coalesce(f.customer_id, v.customer_id)
        ),
        f.deal_id::text,
        f.amount_minor,
        f.currency,
        f.effective,
        coalesce(f.failed_reasons, '{}'),
        f.note,
        w.id::text,
        coalesce(
            f.purpose, f.outcome, f.subject, f.first_contact, f.next_step,
            CASE WHEN f.kind = 'void' THEN f.note END
        )
    FROM unnest(facts_shown.facts) WITH ORDINALITY AS f
    JOIN office ON office.id = f.office_id
    JOIN person AS p ON p.id = f.person_id
    JOIN unit AS u ON u.id = f.unit_id
    LEFT JOIN fact AS w ON w.office_id = f.office_id AND w.voids = f.id
    LEFT JOIN fact AS v ON v.office_id = f.office_id AND v.id = f.voids
    ORDER BY f.ordinality;
$$;
