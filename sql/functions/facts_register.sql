-- Registers the customers that fresh facts name for the first time, with the person as owner: work
-- in the field is never held up by a missing registration, and only a new-customer fact counts as
-- one. Of several facts a new-customer fact describes the customer, else the first; it also adds
-- what is not known yet of a customer that the person owns already. Gives all names of the batch
-- with their customers.
CREATE OR REPLACE FUNCTION facts_register(fresh judged_fact_in[], actors bigint[])
RETURNS customer_named[]
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    named customer_named[] := customers_named(
        ARRAY(SELECT DISTINCT f.customer FROM unnest(fresh) AS f)
    );
    wanted customer[];
    filled customer[];
BEGIN
    WITH
        described AS (
            SELECT DISTINCT ON (missing.name_key) missing.name_key, f.*
            FROM unnest(fresh) AS f
            JOIN unnest(named) AS missing
                ON missing.spelled = f.customer AND missing.customer_id IS NULL
            ORDER BY missing.name_key, (f.kind = 'new_customer') DESC, f.occurred_at, f.position
        )
    SELECT
        array_agg(
            ROW(
                d.office_id,
                gen_random_uuid(),
                btrim(d.customer),
                d.name_key,
                d.person_id,
                d.unit_id,
                d.local_date::date,
                facts_register.actors[d.position],
                d.industry,
                d.contact,
                d.phone,
                d.registration_number,
                NULL
            )::customer
        )
    INTO wanted
    FROM described AS d;
    filled := customers_describe(fresh, named);
    IF wanted IS NOT NULL OR filled IS NOT NULL THEN
        PERFORM customers_register(wanted, filled);
        -- Another batch may have been first with some of them.
        named := customers_registered(named);
    END IF;
    RETURN named;
END;
$$;
