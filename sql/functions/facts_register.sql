-- Registers the customers that fresh facts name for the first time, with the person as owner: work
-- in the field is never held up by a missing registration, and only a new-customer fact counts as
-- one. Of several facts a new-customer fact describes the customer, else the first.
CREATE OR REPLACE FUNCTION facts_register(fresh judged_fact_in[])
RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    wanted customer[];
BEGIN
    WITH
        named AS MATERIALIZED (
            SELECT n.customer, name_key(n.customer) AS name_key
            FROM (SELECT DISTINCT f.customer FROM unnest(fresh) AS f) AS n
        ),
        missing AS MATERIALIZED (
            SELECT named.customer, named.name_key
            FROM named
            LEFT JOIN customer_registry AS r ON r.name_key = named.name_key
            WHERE named.name_key IS NOT NULL AND r.name_key IS NULL
        ),
        described AS (
            SELECT DISTINCT ON (missing.name_key) missing.name_key, f.*
            FROM unnest(fresh) AS f
            JOIN missing ON missing.customer = f.customer
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
                actor(),
                d.industry,
                d.contact,
                d.phone,
                d.registration_number,
                NULL
            )::customer
        )
    INTO wanted
    FROM described AS d;
    IF wanted IS NOT NULL THEN
        PERFORM customers_register(wanted);
    END IF;
END;
$$;
