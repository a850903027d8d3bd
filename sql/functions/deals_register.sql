-- Registers the customers that deals name for the first time, each owned by the person of the deal
-- opened first.
CREATE OR REPLACE FUNCTION deals_register(deals deal_in[], places deal_place[])
RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    wanted customer[];
BEGIN
    WITH
        missing AS MATERIALIZED (
            SELECT n.customer, name_key(n.customer) AS name_key
            FROM (SELECT DISTINCT s.customer FROM unnest(deals_register.deals) AS s) AS n
            WHERE NOT EXISTS (
                SELECT FROM customer_registry AS r WHERE r.name_key = name_key(n.customer)
            )
        ),
        first_deal AS (
            SELECT DISTINCT ON (missing.name_key)
                missing.name_key,
                missing.customer,
                p.office_id,
                p.person_id,
                p.unit_id,
                coalesce(s.opened_on::date, p.today) AS opened_on
            FROM unnest(deals_register.deals) WITH ORDINALITY AS s
            JOIN unnest(deals_register.places) AS p
                ON p.position = s.ordinality AND p.refusal IS NULL
            JOIN missing ON missing.customer = s.customer
            WHERE missing.name_key IS NOT NULL
            ORDER BY missing.name_key, coalesce(s.opened_on::date, p.today), p.position
        )
    SELECT
        array_agg(
            ROW(
                f.office_id,
                gen_random_uuid(),
                btrim(f.customer),
                f.name_key,
                f.person_id,
                f.unit_id,
                f.opened_on,
                actor(),
                NULL,
                NULL,
                NULL,
                NULL,
                NULL
            )::customer
        )
    INTO wanted
    FROM first_deal AS f;
    IF wanted IS NOT NULL THEN
        PERFORM customers_register(wanted);
    END IF;
END;
$$;
