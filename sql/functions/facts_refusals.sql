-- For each fact sent, why it cannot be taken: {code, field, arguments...}, or NULL. Nothing is said
-- of deals that the one who sent the fact has no right to.
CREATE OR REPLACE FUNCTION facts_refusals(
    facts fact_in[],
    places fact_place[],
    actors bigint[]
)
RETURNS TABLE ("position" integer, refusal text[])
LANGUAGE plpgsql
STABLE
ROWS 1000
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH
        sent AS MATERIALIZED (
            SELECT
                f.id,
                f.kind,
                f.date,
                f.next_step_date,
                f.voids,
                f.deal,
                f.customer,
                f.amount_minor,
                f.currency,
                f.subject,
                f.outcome,
                p.*,
                d.person_id AS deal_person_id,
                d.state AS deal_state,
                c.name AS deal_customer,
                c.name_key AS deal_customer_key
            FROM unnest(facts_refusals.facts) WITH ORDINALITY AS f
            JOIN unnest(facts_refusals.places) AS p ON p.position = f.ordinality
            -- By the keys, one by one: LIMIT keeps it from reading whole tables for one batch.
            LEFT JOIN LATERAL (
                SELECT k.person_id, k.state, k.customer_office_id, k.customer_id
                FROM deal AS k
                WHERE k.id = p.deal_id
                LIMIT 1
            ) AS d ON true
            LEFT JOIN LATERAL (
                SELECT k.name, name_key(k.name) AS name_key
                FROM customer_name(d.customer_office_id, d.customer_id) AS k (name)
                WHERE d.customer_id IS NOT NULL
            ) AS c ON true
        ),
        -- Several signings of one deal in a batch: the first of its own person is the deal's.
        first_signing AS MATERIALIZED (
            SELECT sent.deal, min(sent.position) AS position
            FROM sent
            WHERE
                sent.kind = 'signing'
                AND sent.deal_person_id = sent.person_id
                AND sent.fact_id IS NOT NULL
            GROUP BY sent.deal
        )
    SELECT
        s.position,
        CASE
            WHEN s.fact_id IS NULL
            THEN ARRAY['bad_id', 'id', coalesce(s.id, '')]
            WHEN s.person_refusal IS NOT NULL
            THEN s.person_refusal
            WHEN s.known
            THEN NULL
            WHEN s.kind IS NULL
            THEN ARRAY['no_kind', 'kind']
            WHEN s.bad_date = 'date'
            THEN ARRAY['bad_date', s.bad_date, s.date]
            WHEN s.bad_date IS NOT NULL
            THEN ARRAY['bad_date', s.bad_date, s.next_step_date]
            WHEN s.kind <> 'void' AND s.voids IS NOT NULL
            THEN ARRAY['not_a_void', 'voids']
            WHEN s.kind = 'void' AND NOT s.voids_found
            THEN ARRAY['nothing_to_void', 'voids', coalesce(s.voids, '')]
            -- OFFSET: looked up for each void, not by reading all facts for one batch.
            WHEN s.kind = 'void' AND EXISTS (
                SELECT
                FROM fact AS w
                WHERE w.office_id = s.office_id AND w.voids = uuid_or_null(s.voids)
                OFFSET 0
            )
            THEN ARRAY['voided_already', 'voids', s.voids]
            WHEN s.unit_id IS NULL
            THEN ARRAY[
                'not_a_member_then',
                'date',
                (SELECT p.handle FROM person AS p WHERE p.id = s.person_id),
                coalesce(s.local_date::text, s.place_occurred_at::date::text, '')
            ]
            WHEN s.place_occurred_at > now() + interval '1 day'
            THEN ARRAY['in_future', 'occurred_at', s.local_date::text]
            WHEN s.deal IS NOT NULL AND s.deal_state IS NULL
            THEN ARRAY['unknown_deal', 'deal', s.deal]
            WHEN s.deal_person_id <> s.person_id
            THEN ARRAY[
                CASE
                    WHEN EXISTS (
                        SELECT
                        FROM people_reached(
                            ARRAY[s.deal_person_id], ARRAY[facts_refusals.actors[s.position]]
                        )
                    )
                    THEN 'deal_of_another'
                    ELSE 'unknown_deal'
                END,
                'deal',
                s.deal
            ]
            WHEN s.kind = 'signing'
                AND s.deal IS NOT NULL
                AND (s.deal_state = 'signed' OR s.position <> first_signing.position)
            THEN ARRAY['deal_signed', 'deal', s.deal]
            WHEN s.deal_customer IS NOT NULL
                AND s.deal_customer <> btrim(s.customer)
                AND s.deal_customer_key <> name_key(s.customer)
            THEN ARRAY['deal_of_another_customer', 'customer', s.deal, s.customer]
            WHEN s.kind IN (
                'new_customer', 'visit', 'negotiation', 'signing', 'payment', 'competitor_sighting'
            )
                AND coalesce(btrim(s.customer), '') = ''
                AND (s.kind = 'new_customer' OR s.deal_customer IS NULL)
            THEN ARRAY['no_customer', 'customer']
            WHEN s.kind IN ('signing', 'payment') AND coalesce(s.amount_minor, 0) <= 0
            THEN ARRAY['no_amount', 'amount_minor']
            WHEN s.kind = 'competitor_sighting' AND name_key(s.subject) IS NULL
            THEN ARRAY['no_competitor', 'subject']
            WHEN s.kind = 'competitor_sighting'
                AND coalesce(s.outcome, 'open') NOT IN ('won', 'lost', 'open')
            THEN ARRAY['bad_outcome', 'outcome', s.outcome]
            -- A unit's own is one.
            WHEN s.currency !~ '^[A-Z]{3}$'
            THEN ARRAY['bad_currency', 'currency', s.place_currency]
        END
    FROM sent AS s
    LEFT JOIN first_signing ON s.kind = 'signing' AND first_signing.deal = s.deal;
END;
$$;
