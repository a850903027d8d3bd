-- The customer registered under a name; refuses an unknown one. NULL stays NULL.
CREATE OR REPLACE FUNCTION customer_find(name text, field text DEFAULT 'customer')
RETURNS customer
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    chosen customer;
BEGIN
    IF customer_find.name IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT c.* INTO chosen
    FROM customer_id_of(customer_find.name) AS r
    JOIN customer AS c ON c.office_id = r.office_id AND c.id = r.id;
    IF NOT FOUND THEN
        PERFORM refuse('unknown_customer', customer_find.field, customer_find.name);
    END IF;
    RETURN chosen;
END;
$$;
