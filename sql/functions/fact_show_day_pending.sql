-- FactService.ShowDay: what of the day waits for an approval (3.4), as it was sent, in the order in
-- which it happened.
CREATE OR REPLACE FUNCTION fact_show_day_pending(person text, date text)
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
    note text,
    summary text
)
LANGUAGE sql
STABLE
AS $$
    SELECT
        q.id::text,
        p.handle,
        p.name,
        u.path,
        f.kind,
        f.occurred_at,
        q.local_date::text,
        to_char(f.occurred_at AT TIME ZONE unit_time_zone(d.office_id), 'HH24:MI'),
        f.customer,
        f.deal,
        f.amount_minor,
        f.currency,
        f.note,
        coalesce(f.purpose, f.outcome, f.subject, f.first_contact, f.next_step)
    FROM day_of_person($1, $2) AS d
    JOIN fact_pending AS q
        ON
            q.person_id = d.person_id
            AND q.local_date = d.day
            AND q.declined_at IS NULL
            AND q.approved_at IS NULL
    JOIN person AS p ON p.id = q.person_id
    JOIN unit AS u ON u.id = q.unit_id
    CROSS JOIN LATERAL jsonb_populate_record(NULL::fact_in, q.content) AS f
    WHERE fact_waits(q)
    ORDER BY f.occurred_at, q.id;
$$;
