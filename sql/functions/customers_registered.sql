-- The same names with the customers that are registered under them by now.
--
-- SECURITY DEFINER: as customers_known(). A fact may be linked to another's customer.
CREATE OR REPLACE FUNCTION customers_registered(named customer_named[])
RETURNS customer_named[]
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        SELECT
            array_agg(ROW(n.spelled, n.name_key, r.office_id, r.customer_id)::customer_named)
        FROM unnest(customers_registered.named) AS n
        -- By the key, one by one: LIMIT keeps it from reading the whole registry for one batch.
        LEFT JOIN LATERAL (
            SELECT r.office_id, r.customer_id
            FROM customer_registry AS r
            WHERE r.name_key = n.name_key
            LIMIT 1
        ) AS r ON true
    );
END;
$$;
