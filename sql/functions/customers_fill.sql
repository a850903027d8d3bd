-- For customer_add(): fills in what the first row of each name says of a customer known before and
-- within the actor's right; what a row leaves out stays. Gives the positions of rows that differ.
CREATE OR REPLACE FUNCTION customers_fill(
    customers customer_in[],
    places customer_place[],
    added text[],
    dry_run boolean
)
RETURNS integer[]
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    changes customer_change[];
    filled customer[];
BEGIN
    WITH
        held AS MATERIALIZED (
            SELECT h.*
            FROM customers_held(customers_fill.customers, places) AS h
            WHERE h.matched = 'name'
        ),
        led AS MATERIALIZED (
            SELECT r.person_id
            FROM people_reached(ARRAY(SELECT DISTINCT held.owner_id FROM held)) AS r
        ),
        first_sent AS (
            SELECT DISTINCT ON (p.name_key) p.position, p.person_id, p.name_key, s.*
            FROM unnest(customers_fill.customers) WITH ORDINALITY AS s
            JOIN unnest(places) AS p ON p.position = s.ordinality AND p.refusal IS NULL
            WHERE p.name_key <> ALL (added)
            ORDER BY p.name_key, p.position
        )
    SELECT
        array_agg(
            ROW(
                f.position,
                c.office_id,
                c.id,
                coalesce(f.industry, c.industry),
                coalesce(f.contact, c.contact),
                coalesce(f.phone, c.phone),
                coalesce(f.registration_number, c.registration_number),
                coalesce(f.note, c.note)
            )::customer_change
            ORDER BY c.office_id, c.id
        )
    INTO changes
    FROM first_sent AS f
    JOIN held ON held.position = f.position
    JOIN customer AS c ON c.office_id = held.office_id AND c.id = held.customer_id
    WHERE
        (
            c.owner_id = f.person_id
            OR (f.owner IS NULL AND c.owner_id IN (SELECT led.person_id FROM led))
        )
        AND (
            f.industry <> coalesce(c.industry, '')
            OR f.contact <> coalesce(c.contact, '')
            OR f.phone <> coalesce(c.phone, '')
            OR f.registration_number <> coalesce(c.registration_number, '')
            OR f.note <> coalesce(c.note, '')
        );
    IF NOT dry_run THEN
        WITH
            filled AS (
                UPDATE customer AS c
                SET
                    industry = n.industry,
                    contact = n.contact,
                    phone = n.phone,
                    registration_number = n.registration_number,
                    note = n.note
                FROM unnest(changes) AS n
                WHERE c.office_id = n.office_id AND c.id = n.id
                RETURNING c AS kept
            )
        SELECT array_agg(f.kept) INTO filled FROM filled AS f;
        PERFORM customer_marks_take(filled);
    END IF;
    RETURN ARRAY(SELECT n.position FROM unnest(changes) AS n);
END;
$$;
