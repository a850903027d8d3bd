-- What new facts do to their deals (3.5): a signing closes its deal with what was signed; the first
-- fact that names the customer of a deal without one gives it; a void of the only signing opens the
-- deal again. Each change of state is an event.
CREATE OR REPLACE FUNCTION deals_follow(added fact_kept[])
RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    nameless uuid[];
    reopened uuid[] := '{}';
BEGIN
    IF EXISTS (SELECT FROM unnest(added) AS f WHERE f.kind = 'void') THEN
        reopened := ARRAY(
            SELECT v.deal_id
            FROM unnest(added) AS f
            JOIN fact AS v ON v.office_id = f.office_id AND v.id = f.voids
            WHERE f.kind = 'void' AND v.kind = 'signing'
        );
    END IF;
    -- All that may change are locked at once in one order, so that batches that meet wait for each
    -- other one way.
    nameless := ARRAY(
        SELECT CASE WHEN d.customer_id IS NULL THEN d.id END
        FROM deal AS d
        WHERE
            d.id = ANY (ARRAY(SELECT f.deal_id FROM unnest(added) AS f) || reopened)
            AND (
                d.customer_id IS NULL
                OR d.id = ANY (
                    ARRAY(SELECT f.deal_id FROM unnest(added) AS f WHERE f.kind = 'signing')
                )
                OR d.id = ANY (reopened)
            )
        ORDER BY d.office_id, d.id
        FOR UPDATE OF d
    );
    PERFORM deals_name(added, array_remove(nameless, NULL));

    WITH
        signing AS (
            SELECT DISTINCT ON (f.deal_id) f.*
            FROM unnest(added) AS f
            WHERE f.kind = 'signing'
            ORDER BY f.deal_id, f.occurred_at
        ),
        closed AS (
            UPDATE deal AS d
            SET
                state = 'signed',
                closed_on = signing.local_date,
                value_minor = signing.amount_minor,
                currency = signing.currency,
                lost_reason = NULL
            FROM signing
            WHERE d.id = signing.deal_id AND d.state <> 'signed'
            RETURNING
                d.office_id, d.id, d.grade, signing.local_date, signing.id AS fact_id,
                signing.actor_id
        )
    INSERT INTO deal_event (
        office_id, deal_id, at, local_date, step, from_grade, actor_id, fact_id
    )
    SELECT c.office_id, c.id, now(), c.local_date, 'signed', c.grade, c.actor_id, c.fact_id
    FROM closed AS c;

    IF cardinality(reopened) > 0 THEN
        PERFORM deals_reopen(added);
    END IF;
END;
$$;
