-- Inserts deals with the event that opened each, and with the one that lost it when it comes lost.
-- opened_by are the facts that they came from, and actors who sent those, in the same order; NULL
-- for none.
CREATE OR REPLACE FUNCTION deals_open(deals deal[], opened_by uuid[], actors bigint[])
RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    added deal[];
BEGIN
    WITH
        opened AS (
            INSERT INTO deal
            SELECT d.*
            FROM unnest(deals_open.deals) AS d
            ORDER BY d.office_id, d.id
            ON CONFLICT DO NOTHING
            RETURNING deal AS kept
        )
    SELECT array_agg(o.kept) INTO added FROM opened AS o;

    -- A statement of its own: the policy of events looks for the deal.
    INSERT INTO deal_event (
        office_id, deal_id, at, local_date, step, from_grade, to_grade, actor_id, evidence, fact_id
    )
    SELECT
        a.office_id,
        a.id,
        now(),
        step.local_date,
        step.step,
        step.from_grade,
        step.to_grade,
        coalesce(origin.actor_id, actor()),
        step.evidence,
        step.fact_id
    FROM unnest(added) AS a
    JOIN unnest(
        ARRAY(SELECT o.id FROM unnest(deals_open.deals) AS o),
        deals_open.opened_by,
        deals_open.actors
    ) AS origin (id, fact_id, actor_id) ON origin.id = a.id
    CROSS JOIN LATERAL (
        VALUES
            ('opened', a.opened_on, NULL, a.grade, NULL, origin.fact_id),
            ('lost', a.closed_on, a.grade, NULL, a.lost_reason, NULL)
    ) AS step (step, local_date, from_grade, to_grade, evidence, fact_id)
    WHERE step.step = 'opened' OR a.state = 'lost';
END;
$$;
