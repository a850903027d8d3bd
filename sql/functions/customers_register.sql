-- Registers customers whose name is not registered yet (3.7), each with its phone and registration
-- number as further marks, and gives the keys of those that are new. wanted has one row a name_key.
-- The marks of further customers are taken with theirs, all in one order.
CREATE OR REPLACE FUNCTION customers_register(wanted customer[], further customer[] DEFAULT NULL)
RETURNS SETOF text
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    added customer[];
BEGIN
    WITH
        registered AS (
            INSERT INTO customer
            SELECT w.*
            FROM unnest(customers_register.wanted) AS w
            JOIN customer_names_take(customers_register.wanted) AS named (id) ON named.id = w.id
            RETURNING customer AS kept
        )
    SELECT array_agg(a.kept) INTO added FROM registered AS a;
    PERFORM customer_marks_take(added || further);
    RETURN QUERY SELECT a.name_key FROM unnest(added) AS a;
END;
$$;
