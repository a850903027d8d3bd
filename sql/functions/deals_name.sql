-- For deals_follow(): the first fact that names the customer of a deal without one gives it.
CREATE OR REPLACE FUNCTION deals_name(added fact_kept[], nameless uuid[])
RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
BEGIN
    IF cardinality(nameless) = 0 THEN
        RETURN;
    END IF;
    WITH
        named AS (
            SELECT DISTINCT ON (f.deal_id) f.deal_id, f.customer_office_id, f.customer_id
            FROM unnest(added) AS f
            WHERE f.deal_id = ANY (nameless) AND f.customer_id IS NOT NULL
            ORDER BY f.deal_id, f.occurred_at
        )
    UPDATE deal AS d
    SET customer_office_id = named.customer_office_id, customer_id = named.customer_id
    FROM named
    WHERE d.id = named.deal_id;
END;
$$;
