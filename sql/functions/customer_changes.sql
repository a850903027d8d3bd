-- CustomerService.Changes: what a copy of the actor's own customers lacks (copy_compare()). All of
-- them are read to be compared, by the indexes of their owner, deals and facts.
CREATE OR REPLACE FUNCTION customer_changes(
    since text,
    page_size integer,
    OUT whole boolean,
    OUT parts integer[],
    OUT next_cursor text,
    OUT more boolean,
    OUT part integer,
    OUT key text,
    OUT name text,
    OUT owner text,
    OUT owner_name text,
    OUT unit text,
    OUT grade text,
    OUT industry text,
    OUT contact text,
    OUT phone text,
    OUT registration_number text,
    OUT open_deals integer,
    OUT signed_deals integer,
    OUT registered_on text,
    OUT last_contact text,
    OUT note text
)
RETURNS SETOF record
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    rows_wanted integer := least(greatest(coalesce(customer_changes.page_size, 200), 1), 1000);
    mine customer[] := ARRAY(
        SELECT c
        FROM customer AS c
        WHERE c.owner_id = actor()
        ORDER BY c.name_key COLLATE "C"
        -- More than anybody works.
        LIMIT 5000
    );
BEGIN
    RETURN QUERY
    WITH
        shown AS MATERIALIZED (
            SELECT
                c.name_key, s.name, s.owner, s.owner_name, s.unit, s.grade, s.industry, s.contact,
                s.phone, s.registration_number, s.open_deals, s.signed_deals, s.registered_on,
                s.last_contact, s.note
            FROM unnest(mine) WITH ORDINALITY AS c
            JOIN customers_shown(mine) WITH ORDINALITY AS s ON s.ordinality = c.ordinality
        ),
        compared AS MATERIALIZED (
            SELECT d.*
            FROM (
                SELECT array_agg(shown.name_key) AS keys, array_agg(shown::text) AS bodies
                FROM shown
            ) AS a
            CROSS JOIN LATERAL copy_compare(
                a.keys, a.bodies, customer_changes.since, rows_wanted
            ) AS d
        )
    SELECT d.whole, d.parts, d.cursor, d.more, copy_part(s.name_key), s.*
    FROM compared AS d
    LEFT JOIN shown AS s ON copy_part(s.name_key) = ANY (d.parts);
END;
$$;
