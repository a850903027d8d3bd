-- Registers customers whose name is not registered yet (3.7), each with its phone and registration
-- number as further marks, and gives the keys of those that are new. wanted has one row a name_key.
CREATE OR REPLACE FUNCTION customers_register(wanted customer[])
RETURNS SETOF text
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
BEGIN
    -- In the order of the keys, so that two batches that meet wait for each other one way.
    RETURN QUERY
    WITH
        named AS (
            INSERT INTO customer_registry (name_key, office_id, customer_id)
            SELECT w.name_key, w.office_id, w.id
            FROM unnest(customers_register.wanted) AS w
            ORDER BY w.name_key
            ON CONFLICT DO NOTHING
            RETURNING customer_id
        ),
        added AS (
            INSERT INTO customer
            SELECT w.*
            FROM unnest(customers_register.wanted) AS w
            JOIN named ON named.customer_id = w.id
            RETURNING *
        ),
        mark AS (
            SELECT 'phone' AS kind, phone_key(added.phone) AS key, added.office_id, added.id
            FROM added
            WHERE added.phone IS NOT NULL
            UNION ALL
            SELECT
                'registration_number', name_key(added.registration_number), added.office_id,
                added.id
            FROM added
            WHERE added.registration_number IS NOT NULL
        ),
        marked AS (
            INSERT INTO customer_mark (kind, key, office_id, customer_id)
            SELECT mark.kind, mark.key, mark.office_id, mark.id
            FROM mark
            WHERE mark.key IS NOT NULL
            ORDER BY mark.kind, mark.key
            ON CONFLICT DO NOTHING
        )
    SELECT added.name_key FROM added;
END;
$$;
