-- For deals_follow(): deals whose signing is voided by one of the new facts, and that no other
-- signing holds, are open again.
CREATE OR REPLACE FUNCTION deals_reopen(added fact_kept[])
RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
BEGIN
    WITH
        undone AS (
            SELECT f.id AS fact_id, f.local_date, f.actor_id, v.deal_id
            FROM unnest(added) AS f
            JOIN fact AS v ON v.office_id = f.office_id AND v.id = f.voids
            WHERE f.kind = 'void' AND v.kind = 'signing'
        ),
        opened AS (
            UPDATE deal AS d
            SET state = 'open', closed_on = NULL
            FROM undone
            WHERE
                d.id = undone.deal_id
                AND d.state = 'signed'
                AND NOT EXISTS (
                    SELECT
                    FROM fact AS other
                    WHERE
                        other.customer_id = d.customer_id
                        AND other.deal_id = d.id
                        AND other.kind = 'signing'
                        AND NOT EXISTS (
                            SELECT
                            FROM fact AS w
                            WHERE w.office_id = other.office_id AND w.voids = other.id
                        )
                )
            RETURNING d.office_id, d.id, d.grade, undone.local_date, undone.actor_id, undone.fact_id
        )
    INSERT INTO deal_event (
        office_id, deal_id, at, local_date, step, to_grade, actor_id, fact_id
    )
    SELECT o.office_id, o.id, now(), o.local_date, 'opened', o.grade, o.actor_id, o.fact_id
    FROM opened AS o;
END;
$$;
