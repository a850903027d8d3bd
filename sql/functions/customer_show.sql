-- CustomerService.Show: the customer.
CREATE OR REPLACE FUNCTION customer_show(customer text)
RETURNS TABLE (
    name text,
    owner text,
    owner_name text,
    unit text,
    grade text,
    industry text,
    contact text,
    phone text,
    registration_number text,
    open_deals integer,
    signed_deals integer,
    registered_on text,
    last_contact text,
    note text
)
LANGUAGE plpgsql
STABLE
AS $$
BEGIN
    PERFORM require('customer', customer_show.customer IS NOT NULL);
    RETURN QUERY SELECT * FROM customers_shown(ARRAY[customer_find(customer_show.customer)]);
END;
$$;
