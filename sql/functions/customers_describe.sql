-- What new-customer facts say of customers that their person owns already, such as one that an
-- earlier visit registered by name alone. Only what is missing is filled in. Gives those that it
-- changed, whose marks are still to be taken.
CREATE OR REPLACE FUNCTION customers_describe(fresh judged_fact_in[], named customer_named[])
RETURNS customer[]
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    filled customer[];
BEGIN
    IF NOT EXISTS (SELECT FROM unnest(fresh) AS f WHERE f.kind = 'new_customer') THEN
        RETURN NULL;
    END IF;
    -- In the order of the key, so that batches that meet wait for each other one way.
    PERFORM
    FROM customer AS c
    JOIN unnest(named) AS n ON n.office_id = c.office_id AND n.customer_id = c.id
    JOIN unnest(fresh) AS f
        ON f.customer = n.spelled AND f.kind = 'new_customer' AND f.person_id = c.owner_id
    ORDER BY c.office_id, c.id
    FOR UPDATE OF c;
    WITH
        described AS (
            SELECT DISTINCT ON (n.customer_id)
                n.office_id AS customer_office_id, n.customer_id, f.*
            FROM unnest(fresh) AS f
            JOIN unnest(named) AS n ON n.spelled = f.customer AND n.customer_id IS NOT NULL
            WHERE f.kind = 'new_customer'
            ORDER BY n.customer_id, f.occurred_at, f.position
        ),
        filled AS (
            UPDATE customer AS c
            SET
                industry = coalesce(c.industry, d.industry),
                contact = coalesce(c.contact, d.contact),
                phone = coalesce(c.phone, d.phone),
                registration_number = coalesce(c.registration_number, d.registration_number)
            FROM described AS d
            WHERE
                c.office_id = d.customer_office_id
                AND c.id = d.customer_id
                AND c.owner_id = d.person_id
                AND (
                    (c.industry IS NULL AND d.industry IS NOT NULL)
                    OR (c.contact IS NULL AND d.contact IS NOT NULL)
                    OR (c.phone IS NULL AND d.phone IS NOT NULL)
                    OR (c.registration_number IS NULL AND d.registration_number IS NOT NULL)
                )
            RETURNING c AS kept
        )
    SELECT array_agg(f.kept) INTO filled FROM filled AS f;
    RETURN filled;
END;
$$;
