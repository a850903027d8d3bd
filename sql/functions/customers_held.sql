-- customers_known() for a batch of customers: position is that of the batch.
CREATE OR REPLACE FUNCTION customers_held(customers customer_in[], places customer_place[])
RETURNS TABLE (
    "position" integer,
    matched text,
    office_id bigint,
    customer_id uuid,
    owner_id bigint
)
LANGUAGE sql
STABLE
ROWS 100
AS $$
    SELECT k.position, k.matched, k.office_id, k.customer_id, k.owner_id
    FROM customers_known(
        ARRAY(SELECT p.name_key FROM unnest(customers_held.places) AS p ORDER BY p.position),
        ARRAY(SELECT s.phone FROM unnest(customers_held.customers) AS s),
        ARRAY(SELECT s.registration_number FROM unnest(customers_held.customers) AS s)
    ) AS k;
$$;
