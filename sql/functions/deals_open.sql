-- Inserts deals with the event that opened each, and with the one that lost it when it comes lost.
-- opened_by are the facts that they came from, in the same order; NULL for none. Gives the ids of
-- those that are new.
CREATE OR REPLACE FUNCTION deals_open(deals deal[], opened_by uuid[])
RETURNS SETOF uuid
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH
        added AS (
            INSERT INTO deal
            SELECT d.*
            FROM unnest(deals_open.deals) AS d
            ORDER BY d.office_id, d.id
            ON CONFLICT DO NOTHING
            RETURNING *
        ),
        origin AS (
            SELECT d.id, d.fact_id
            FROM unnest(
                ARRAY(SELECT o.id FROM unnest(deals_open.deals) AS o), deals_open.opened_by
            ) AS d (id, fact_id)
        ),
        recorded AS (
            INSERT INTO deal_event (
                office_id, deal_id, at, local_date, step, from_grade, to_grade, actor_id, evidence,
                fact_id
            )
            SELECT
                added.office_id,
                added.id,
                now(),
                step.local_date,
                step.step,
                step.from_grade,
                step.to_grade,
                actor(),
                step.evidence,
                step.fact_id
            FROM added
            JOIN origin ON origin.id = added.id
            CROSS JOIN LATERAL (
                VALUES
                    ('opened', added.opened_on, NULL, added.grade, NULL, origin.fact_id),
                    ('lost', added.closed_on, added.grade, NULL, added.lost_reason, NULL)
            ) AS step (step, local_date, from_grade, to_grade, evidence, fact_id)
            WHERE step.step = 'opened' OR added.state = 'lost'
        )
    SELECT added.id FROM added;
END;
$$;
