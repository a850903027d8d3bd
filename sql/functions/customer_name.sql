-- A customer's name, for whoever has a fact or a deal that is linked to it.
--
-- SECURITY DEFINER: the customer may be another's (3.7). Ids are random, and only rows that the
-- actor sees bear them.
CREATE OR REPLACE FUNCTION customer_name(office_id bigint, id uuid)
RETURNS text
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT c.name
        FROM customer AS c
        WHERE c.office_id = customer_name.office_id AND c.id = customer_name.id
    );
END;
$$;
