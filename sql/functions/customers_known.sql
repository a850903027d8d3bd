-- What is registered under each of many names, or under a phone or registration number given with
-- one (3.7). matched says by which; a name comes before the others. Names may repeat.
--
-- SECURITY DEFINER: names are registered once in the whole company. To the client it tells only
-- that a name is taken.
CREATE OR REPLACE FUNCTION customers_known(
    keys text[],
    phones text[],
    registration_numbers text[]
)
RETURNS TABLE (
    "position" integer,
    matched text,
    office_id bigint,
    customer_id uuid,
    owner_id bigint,
    registered_on date
)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = tiejun, pg_temp
ROWS 100
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH
        asked AS MATERIALIZED (
            SELECT *
            FROM unnest(
                customers_known.keys, customers_known.phones, customers_known.registration_numbers
            ) WITH ORDINALITY AS a (name_key, phone, registration_number, position)
        ),
        hit AS (
            SELECT asked.position, 'name' AS matched, 1 AS rank, r.office_id, r.customer_id
            FROM asked
            JOIN customer_registry AS r ON r.name_key = asked.name_key
            UNION ALL
            SELECT asked.position, 'phone', 2, m.office_id, m.customer_id
            FROM asked
            JOIN customer_mark AS m ON m.kind = 'phone' AND m.key = phone_key(asked.phone)
            WHERE asked.phone IS NOT NULL
            UNION ALL
            SELECT asked.position, 'registration_number', 3, m.office_id, m.customer_id
            FROM asked
            JOIN customer_mark AS m
                ON
                    m.kind = 'registration_number'
                    AND m.key = name_key(asked.registration_number)
            WHERE asked.registration_number IS NOT NULL
        )
    SELECT DISTINCT ON (hit.position)
        hit.position::integer,
        hit.matched,
        c.office_id,
        c.id,
        c.owner_id,
        c.registered_on
    FROM hit
    JOIN customer AS c ON c.office_id = hit.office_id AND c.id = hit.customer_id
    ORDER BY hit.position, hit.rank;
END;
$$;
