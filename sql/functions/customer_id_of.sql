-- What is registered under a name: its office and id, whose and where it is. For the right to it
-- and for what refers to it; what it is, only the table's policy shows.
--
-- SECURITY DEFINER: names are registered once in the whole company (3.7).
CREATE OR REPLACE FUNCTION customer_id_of(
    name text,
    OUT office_id bigint,
    OUT id uuid,
    OUT owner_id bigint
)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
    SELECT c.office_id, c.id, c.owner_id
    FROM customer_registry AS r
    JOIN customer AS c ON c.office_id = r.office_id AND c.id = r.customer_id
    WHERE r.name_key = name_key(customer_id_of.name);
$$;
