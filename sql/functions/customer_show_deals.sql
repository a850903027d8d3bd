-- CustomerService.Show: its deals, open ones first, then the latest.
CREATE OR REPLACE FUNCTION customer_show_deals(customer text)
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
    SELECT *
    FROM deals_shown(
        ARRAY(
            SELECT d
            FROM deal AS d
            WHERE d.customer_id = (customer_find($1)).id
            ORDER BY (d.state = 'open') DESC, coalesce(d.closed_on, d.opened_on) DESC, d.id DESC
        )
    );
$$;
