-- Deals as DealRecord, in the order given.
CREATE OR REPLACE FUNCTION deals_shown(deals deal[])
RETURNS TABLE (
    id text,
    customer text,
    person text,
    person_name text,
    product text,
    grade text,
    state text,
    opened_on text,
    expected_close text,
    closed_on text,
    value_minor bigint,
    currency text,
    lost_reason text,
    external_ref text
)
LANGUAGE sql
STABLE
AS $$
    SELECT
        d.id::text,
        customer_name(d.customer_office_id, d.customer_id),
        p.handle,
        p.name,
        d.product,
        d.grade,
        d.state,
        d.opened_on::text,
        d.expected_close::text,
        d.closed_on::text,
        d.value_minor,
        d.currency,
        d.lost_reason,
        d.external_ref
    FROM unnest(deals_shown.deals) WITH ORDINALITY AS d
    JOIN person AS p ON p.id = d.person_id
    ORDER BY d.ordinality;
$$;
