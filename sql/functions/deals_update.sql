-- Brings known deals to what is wanted, where that differs, in the order of the key; a change of
-- grade and a loss are events (3.5).
CREATE OR REPLACE FUNCTION deals_update(changes deal_change[])
RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
BEGIN
    PERFORM
    FROM deal AS d
    JOIN unnest(deals_update.changes) AS c
        ON d.office_id = (c.wanted).office_id AND d.id = (c.wanted).id
    WHERE c.existing IS DISTINCT FROM c.wanted AND (c.existing).id IS NOT NULL
    ORDER BY d.office_id, d.id
    FOR UPDATE OF d;

    WITH
        differing AS MATERIALIZED (
            SELECT c.existing, (c.wanted).*
            FROM unnest(deals_update.changes) AS c
            WHERE c.existing IS DISTINCT FROM c.wanted AND (c.existing).id IS NOT NULL
        ),
        updated AS (
            UPDATE deal AS d
            SET
                customer_office_id = n.customer_office_id,
                customer_id = n.customer_id,
                product = n.product,
                grade = n.grade,
                state = n.state,
                expected_close = n.expected_close,
                closed_on = n.closed_on,
                value_minor = n.value_minor,
                currency = n.currency,
                lost_reason = n.lost_reason,
                external_ref = n.external_ref
            FROM differing AS n
            WHERE d.office_id = n.office_id AND d.id = n.id
        )
    INSERT INTO deal_event (
        office_id, deal_id, at, local_date, step, from_grade, to_grade, actor_id, evidence
    )
    SELECT
        n.office_id,
        n.id,
        now(),
        step.local_date,
        step.step,
        (n.existing).grade,
        step.to_grade,
        actor(),
        step.evidence
    FROM differing AS n
    CROSS JOIN LATERAL (
        SELECT
            'graded' AS step,
            (now() AT TIME ZONE unit_time_zone(n.office_id))::date AS local_date,
            n.grade AS to_grade,
            NULL AS evidence
        WHERE n.grade <> (n.existing).grade
        UNION ALL
        SELECT 'lost', n.closed_on, NULL, n.lost_reason
        WHERE n.state = 'lost' AND (n.existing).state <> 'lost'
    ) AS step;
END;
$$;
