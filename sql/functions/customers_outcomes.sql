-- What becomes of each customer of a batch, given the keys that it added; fills in what the rows
-- say of customers known before, unless it is a dry run.
CREATE OR REPLACE FUNCTION customers_outcomes(
    customers customer_in[],
    places customer_place[],
    added text[],
    dry_run boolean
)
RETURNS TABLE ("position" integer, change text)
LANGUAGE plpgsql
ROWS 1000
AS $$
#variable_conflict use_column
DECLARE
    updated integer[];
BEGIN
    updated := customers_fill(customers_outcomes.customers, places, added, dry_run);
    RETURN QUERY
    WITH
        held AS MATERIALIZED (
            SELECT h.* FROM customers_held(customers_outcomes.customers, places) AS h
        ),
        led AS MATERIALIZED (
            SELECT r.person_id
            FROM people_reached(ARRAY(SELECT DISTINCT held.owner_id FROM held)) AS r
        ),
        sent AS (
            SELECT
                p.*,
                s.owner,
                -- In a dry run nothing is registered: the first row of a name stands for it.
                coalesce(
                    held.owner_id,
                    first_value(p.person_id) OVER (
                        PARTITION BY p.name_key, p.refusal IS NULL ORDER BY p.position
                    )
                ) AS owner_id,
                row_number() OVER (
                    PARTITION BY p.name_key, p.refusal IS NULL ORDER BY p.position
                ) AS time_sent
            FROM unnest(customers_outcomes.customers) WITH ORDINALITY AS s
            JOIN unnest(places) AS p ON p.position = s.ordinality
            LEFT JOIN held ON held.position = p.position
        )
    SELECT
        s.position,
        CASE
            WHEN s.refusal IS NOT NULL THEN 'refused'
            WHEN s.time_sent = 1 AND s.name_key = ANY (added) THEN 'added'
            WHEN s.position = ANY (updated) THEN 'updated'
            WHEN s.owner_id = s.person_id THEN 'known'
            WHEN s.owner IS NULL AND s.owner_id IN (SELECT led.person_id FROM led) THEN 'known'
            ELSE 'refused'
        END
    FROM sent AS s;
END;
$$;
