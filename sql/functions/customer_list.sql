-- CustomerService.List: the customers of the people of a unit, or of one person, by name. The
-- cursor is the normalised name of the last one of the page before.
CREATE OR REPLACE FUNCTION customer_list(
    INOUT unit text,
    person text,
    INOUT grade text,
    name_contains text,
    page_size integer,
    cursor text,
    OUT name text,
    OUT owner text,
    OUT owner_name text,
    OUT industry text,
    OUT contact text,
    OUT phone text,
    OUT registration_number text,
    OUT open_deals integer,
    OUT signed_deals integer,
    OUT registered_on text,
    OUT last_contact text,
    OUT note text,
    OUT next_cursor text
)
RETURNS SETOF record
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    home record := scope_or_home(customer_list.unit, customer_list.person);
    whose bigint := home.person_id;
    top bigint := home.unit_id;
    rows_wanted integer := least(greatest(coalesce(customer_list.page_size, 200), 1), 1000);
    part text := '%' || regexp_replace(customer_list.name_contains, '([\\%_])', '\\\1', 'g') || '%';
    page customer[];
BEGIN
    page := ARRAY(
        SELECT c
        FROM customer AS c
        WHERE
            (whose IS NULL OR c.owner_id = whose)
            AND (
                top IS NULL
                OR c.owner_id IN (SELECT b.person_id FROM people_below(top) AS b)
            )
            AND (part IS NULL OR c.name ILIKE part)
            AND (customer_list.cursor IS NULL OR c.name_key > customer_list.cursor COLLATE "C")
            AND (
                customer_list.grade IS NULL
                OR customer_list.grade = (
                    SELECT min(d.grade)
                    FROM deal AS d
                    WHERE d.customer_id = c.id AND d.state = 'open'
                )
            )
        ORDER BY c.name_key COLLATE "C"
        LIMIT rows_wanted + 1
    );
    RETURN QUERY
    SELECT
        s.unit, s.grade, s.name, s.owner, s.owner_name, s.industry, s.contact, s.phone,
        s.registration_number, s.open_deals, s.signed_deals, s.registered_on, s.last_contact,
        s.note,
        CASE
            WHEN cardinality(page) > rows_wanted AND s.ordinality = rows_wanted
            THEN page[rows_wanted].name_key
        END
    FROM customers_shown(page[:rows_wanted]) WITH ORDINALITY AS s
    ORDER BY s.ordinality;
END;
$$;
