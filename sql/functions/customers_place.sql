-- For each customer sent, in order: its owner, where the owner belongs today, or the refusal.
CREATE OR REPLACE FUNCTION customers_place(customers customer_in[])
RETURNS customer_place[]
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    places customer_place[];
BEGIN
    WITH
        meant AS MATERIALIZED (
            SELECT p.*
            FROM people_resolve(
                ARRAY(
                    SELECT DISTINCT coalesce(s.owner, '')
                    FROM unnest(customers_place.customers) AS s
                ),
                'owner'
            ) AS p
        ),
        belonging AS MATERIALIZED (
            SELECT p.person_id, p.unit_id, p.office_id, today.today
            FROM people_places(ARRAY(SELECT meant.person_id FROM meant)) AS p
            CROSS JOIN LATERAL (
                SELECT (now() AT TIME ZONE p.time_zone)::date AS today
            ) AS today
            WHERE today.today BETWEEN p.from_date AND p.to_date
        )
    SELECT
        array_agg(
            ROW(
                s.ordinality,
                name_key(s.name),
                CASE
                    WHEN name_key(s.name) IS NULL
                    THEN ARRAY['missing_field', 'name', 'name']
                    WHEN meant.refusal IS NOT NULL
                    THEN meant.refusal
                    WHEN b.person_id IS NULL
                    THEN ARRAY[
                        'not_a_member_then',
                        'owner',
                        (SELECT w.handle FROM person AS w WHERE w.id = meant.person_id),
                        current_date::text
                    ]
                END,
                meant.person_id,
                b.office_id,
                b.unit_id,
                b.today
            )::customer_place
            ORDER BY s.ordinality
        )
    INTO places
    FROM unnest(customers_place.customers) WITH ORDINALITY AS s
    JOIN meant ON meant.reference = coalesce(s.owner, '')
    LEFT JOIN belonging AS b ON b.person_id = meant.person_id;
    RETURN places;
END;
$$;
