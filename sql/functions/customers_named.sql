-- The names of a batch, each spelling once with its key and with the customer registered under it:
-- worked out once and handed on. NULL and blank names are left out.
CREATE OR REPLACE FUNCTION customers_named(spelled text[])
RETURNS customer_named[]
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        SELECT
            customers_registered(
                ARRAY(
                    SELECT ROW(n.spelled, k.name_key, NULL, NULL)::customer_named
                    FROM (
                        SELECT DISTINCT s FROM unnest(customers_named.spelled) AS s
                    ) AS n (spelled)
                    -- Worked out once: OFFSET keeps it from being written out at each use.
                    CROSS JOIN LATERAL (SELECT name_key(n.spelled) OFFSET 0) AS k (name_key)
                    WHERE k.name_key IS NOT NULL
                )
            )
    );
END;
$$;
