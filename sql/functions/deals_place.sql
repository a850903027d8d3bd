-- For each deal sent, in order: its person, the office and unit of the day it was opened, and the
-- refusal if it cannot be taken. A known deal stays where it was opened and with its person, over
-- whom the actor must have the right as well.
CREATE OR REPLACE FUNCTION deals_place(deals deal_in[])
RETURNS deal_place[]
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    places deal_place[];
BEGIN
    WITH
        sent AS MATERIALIZED (
            SELECT
                s.*,
                s.ordinality::integer AS position,
                uuid_or_null(s.id) AS deal_id,
                date_or_null(s.opened_on) AS opened,
                date_or_null(s.closed_on) AS closed
            FROM unnest(deals_place.deals) WITH ORDINALITY AS s
        ),
        known AS MATERIALIZED (
            SELECT d.id, d.person_id, d.office_id, d.unit_id, d.state, p.handle
            FROM deals_placed(ARRAY(SELECT DISTINCT sent.deal_id FROM sent)) AS d
            JOIN person AS p ON p.id = d.person_id
        ),
        meant AS MATERIALIZED (
            SELECT p.*
            FROM people_resolve(
                ARRAY(
                    SELECT coalesce(s.person, '') FROM unnest(deals_place.deals) AS s
                    UNION
                    SELECT known.handle FROM known
                ),
                'person'
            ) AS p
        ),
        belonging AS MATERIALIZED (
            SELECT p.*, (now() AT TIME ZONE p.time_zone)::date AS today
            FROM people_places(ARRAY(SELECT meant.person_id FROM meant)) AS p
        ),
        twice AS MATERIALIZED (
            SELECT sent.deal_id, min(sent.position) AS position
            FROM sent
            GROUP BY sent.deal_id
            HAVING count(*) > 1
        ),
        placed AS MATERIALIZED (
            SELECT
                sent.*,
                meant.person_id,
                CASE
                    -- Whose it is, is not for everyone to know.
                    WHEN owner.refusal IS NOT NULL THEN ARRAY['forbidden', 'id', sent.id]
                    ELSE meant.refusal
                END AS person_refusal,
                known.state AS known_state,
                coalesce(known.person_id, meant.person_id) AS whose,
                coalesce(known.office_id, b.office_id) AS office_id,
                coalesce(known.unit_id, b.unit_id) AS unit_id,
                b.today,
                b.time_zone,
                coalesce(sent.currency, b.currency) AS currency_used,
                twice.position AS first_position
            FROM sent
            JOIN meant ON meant.reference = coalesce(sent.person, '')
            LEFT JOIN known ON known.id = sent.deal_id
            LEFT JOIN meant AS owner ON owner.reference = known.handle
            LEFT JOIN belonging AS b
                ON
                    b.person_id = coalesce(known.person_id, meant.person_id)
                    AND coalesce(sent.opened, b.today) BETWEEN b.from_date AND b.to_date
            LEFT JOIN twice ON twice.deal_id = sent.deal_id
        )
    SELECT
        array_agg(
            ROW(
                p.position,
                p.deal_id,
                CASE
                    WHEN p.deal_id IS NULL
                    THEN ARRAY['bad_id', 'id', coalesce(p.id, '')]
                    WHEN p.first_position <> p.position
                    THEN ARRAY['deal_twice', 'id', p.id]
                    WHEN p.person_refusal IS NOT NULL
                    THEN p.person_refusal
                    WHEN p.opened_on IS NOT NULL AND p.opened IS NULL
                    THEN ARRAY['bad_date', 'opened_on', p.opened_on]
                    WHEN p.closed_on IS NOT NULL AND p.closed IS NULL
                    THEN ARRAY['bad_date', 'closed_on', p.closed_on]
                    WHEN p.expected_close IS NOT NULL AND date_or_null(p.expected_close) IS NULL
                    THEN ARRAY['bad_date', 'expected_close', p.expected_close]
                    WHEN p.unit_id IS NULL
                    THEN ARRAY[
                        'not_a_member_then',
                        'opened_on',
                        (SELECT w.handle FROM person AS w WHERE w.id = p.whose),
                        coalesce(p.opened_on, current_date::text)
                    ]
                    WHEN p.state = 'signed' AND coalesce(p.known_state, '') <> 'signed'
                    THEN ARRAY['signed_by_fact_only', 'state']
                    WHEN p.state = 'lost' AND p.known_state = 'signed'
                    THEN ARRAY['deal_signed', 'state', p.id]
                    WHEN p.state = 'lost' AND p.closed < p.opened
                    THEN ARRAY['closed_before_opened', 'closed_on', p.opened_on, p.closed_on]
                    WHEN coalesce(p.opened, p.today) > p.today + 1
                    THEN ARRAY['in_future', 'opened_on', p.opened_on]
                    WHEN p.state = 'lost' AND p.closed > p.today + 1
                    THEN ARRAY['in_future', 'closed_on', p.closed_on]
                    WHEN p.value_minor < 0
                    THEN ARRAY['negative_value', 'value_minor']
                    WHEN p.currency_used !~ '^[A-Z]{3}$'
                    THEN ARRAY['bad_currency', 'currency', p.currency_used]
                END,
                p.whose,
                p.office_id,
                p.unit_id,
                p.today,
                p.currency_used
            )::deal_place
            ORDER BY p.position
        )
    INTO places
    FROM placed AS p;
    RETURN places;
END;
$$;
