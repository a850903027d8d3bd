-- The customers of a batch that are to be registered, one for each name: not refused, not known by
-- name, and not known to another owner by phone or registration number.
CREATE OR REPLACE FUNCTION customers_wanted(customers customer_in[], places customer_place[])
RETURNS customer[]
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    wanted customer[];
BEGIN
    WITH
        held AS MATERIALIZED (
            SELECT h.* FROM customers_held(customers_wanted.customers, places) AS h
        ),
        first_sent AS (
            SELECT DISTINCT ON (p.name_key) s.*, p.*
            FROM unnest(customers_wanted.customers) WITH ORDINALITY AS s
            JOIN unnest(places) AS p ON p.position = s.ordinality AND p.refusal IS NULL
            ORDER BY p.name_key, p.position
        )
    SELECT
        array_agg(
            ROW(
                f.office_id,
                gen_random_uuid(),
                btrim(f.name),
                f.name_key,
                f.person_id,
                f.unit_id,
                f.today,
                actor(),
                f.industry,
                f.contact,
                f.phone,
                f.registration_number,
                f.note
            )::customer
        )
    INTO wanted
    FROM first_sent AS f
    LEFT JOIN held ON held.position = f.position
    WHERE
        held.position IS NULL
        OR (held.matched <> 'name' AND held.owner_id = f.person_id);
    RETURN wanted;
END;
$$;
