-- Registers the customers that deals name for the first time, each owned by the person of the deal
-- opened first. Gives all names of the batch with their customers.
CREATE OR REPLACE FUNCTION deals_register(
    deals deal_in[],
    places deal_place[],
    named customer_named[]
)
RETURNS customer_named[]
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    wanted customer[];
BEGIN
    WITH
        first_deal AS (
            SELECT DISTINCT ON (missing.name_key)
                missing.name_key,
                missing.spelled,
                p.office_id,
                p.person_id,
                p.unit_id,
                coalesce(s.opened_on::date, p.today) AS opened_on
            FROM unnest(deals_register.deals) WITH ORDINALITY AS s
            JOIN unnest(deals_register.places) AS p
                ON p.position = s.ordinality AND p.refusal IS NULL
            JOIN unnest(deals_register.named) AS missing
                ON missing.spelled = s.customer AND missing.customer_id IS NULL
            ORDER BY missing.name_key, coalesce(s.opened_on::date, p.today), p.position
        )
    SELECT
        array_agg(
            ROW(
                f.office_id,
                gen_random_uuid(),
                btrim(f.spelled),
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
    IF wanted IS NULL THEN
        RETURN named;
    END IF;
    PERFORM customers_register(wanted);
    -- Another batch may have been first with some of them.
    RETURN customers_registered(named);
END;
$$;
