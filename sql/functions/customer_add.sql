-- CustomerService.Add: registers customers, one or a thousand (3.7). A name that is registered
-- already is the same customer: what the row says besides is filled in if the owner is the same, or
-- if the row names none and the actor leads the owner; to anyone else it is a conflict that tells
-- nothing. One outcome for each customer in the order sent.
CREATE OR REPLACE FUNCTION customer_add(customers customer_in[], dry_run boolean)
RETURNS TABLE (line integer, change text, field text, code text, message text)
LANGUAGE plpgsql
SET plan_cache_mode = auto
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    places customer_place[];
    added text[];
BEGIN
    PERFORM plan_for(cardinality(customer_add.customers));
    places := customers_place(customer_add.customers);
    IF coalesce(customer_add.dry_run, false) THEN
        added := ARRAY(
            SELECT w.name_key
            FROM unnest(customers_wanted(customer_add.customers, places)) AS w
        );
    ELSE
        added := ARRAY(
            SELECT customers_register(customers_wanted(customer_add.customers, places))
        );
    END IF;
    IF NOT coalesce(customer_add.dry_run, false) THEN
        PERFORM
            audit_write(
                'customer',
                NULL,
                places[1].person_id,
                places[1].unit_id,
                NULL,
                jsonb_build_object(
                    'sent', cardinality(customer_add.customers), 'added', cardinality(added)
                )
            );
    END IF;
    RETURN QUERY
    SELECT
        s.line,
        o.change,
        CASE WHEN o.change = 'refused' THEN coalesce(p.refusal[2], 'name') END,
        CASE WHEN o.change = 'refused' THEN coalesce(p.refusal[1], 'ownership_conflict') END,
        CASE
            WHEN o.change = 'refused'
            THEN coalesce(array_to_string(p.refusal[3:], chr(31), ''), s.name)
        END
    FROM customers_outcomes(
        customer_add.customers, places, added, coalesce(customer_add.dry_run, false)
    ) AS o
    JOIN unnest(customer_add.customers) WITH ORDINALITY AS s ON s.ordinality = o.position
    JOIN unnest(places) AS p ON p.position = o.position
    ORDER BY o.position;
END;
$$;
