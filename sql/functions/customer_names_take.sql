-- Registers the names of new customers (3.7), in the order of the keys, so that two batches that
-- meet wait for each other one way. Gives the ids of those that were free.
--
-- SECURITY DEFINER: nobody reads the registry, which knows all names. It tells what is taken, as
-- the rule has it.
CREATE OR REPLACE FUNCTION customer_names_take(wanted customer[])
RETURNS SETOF uuid
LANGUAGE sql
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
    INSERT INTO customer_registry (name_key, office_id, customer_id)
    SELECT w.name_key, w.office_id, w.id
    FROM unnest(customer_names_take.wanted) AS w
    ORDER BY w.name_key
    ON CONFLICT DO NOTHING
    RETURNING customer_id;
$$;
