-- For facts_deals(): each fact with the deal it belongs to, among them those still to be opened,
-- whose ids follow from the facts that open them, so that two daemons given the same batch agree.
CREATE OR REPLACE FUNCTION facts_deals_found(
    fresh judged_fact_in[],
    named customer_named[],
    winning text[]
)
RETURNS fact_deal[]
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    links fact_deal[];
BEGIN
    WITH
        sent AS MATERIALIZED (
            SELECT
                f.id::uuid AS id,
                f.kind,
                f.deal::uuid AS stated_id,
                f.person_id,
                f.office_id,
                f.unit_id,
                f.local_date::date AS local_date,
                f.currency,
                named.office_id AS customer_office_id,
                named.customer_id,
                -- How many signings of the same pair came before: 0 is the deal open by now. A
                -- payment belongs to the signing before it: -1 is the last one signed by now.
                CASE
                    WHEN f.deal IS NULL AND named.customer_id IS NOT NULL
                    THEN
                        count(*) FILTER (WHERE f.kind = 'signing' AND f.deal IS NULL) OVER (
                            PARTITION BY f.person_id, named.customer_id
                            ORDER BY f.occurred_at, f.position
                            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                        )
                        - (f.kind = 'payment')::integer
                END AS segment,
                f.occurred_at,
                f.position
            FROM unnest(fresh) AS f
            LEFT JOIN unnest(facts_deals_found.named) AS named ON named.spelled = f.customer
        ),
        existing AS MATERIALIZED (
            SELECT DISTINCT ON (d.person_id, d.customer_id, d.state)
                d.person_id, d.customer_id, d.state, d.id
            FROM (
                SELECT DISTINCT s.person_id, s.customer_id
                FROM sent AS s
                WHERE s.segment IS NOT NULL
            ) AS pair
            -- By the index, one by one: OFFSET keeps it from reading the whole table for one batch.
            CROSS JOIN LATERAL (
                SELECT k.*
                FROM deal AS k
                WHERE k.customer_id = pair.customer_id AND k.person_id = pair.person_id
                OFFSET 0
            ) AS d
            ORDER BY
                d.person_id, d.customer_id, d.state, coalesce(d.closed_on, d.opened_on) DESC,
                d.id DESC
        ),
        opening AS MATERIALIZED (
            SELECT DISTINCT ON (s.person_id, s.customer_id, s.segment)
                s.person_id, s.customer_id, s.segment, s.id,
                md5('deal of ' || s.id)::uuid AS deal_id
            FROM sent AS s
            LEFT JOIN existing AS e
                ON
                    s.segment = 0
                    AND e.state = 'open'
                    AND e.person_id = s.person_id
                    AND e.customer_id = s.customer_id
            WHERE s.segment IS NOT NULL AND e.id IS NULL AND s.kind = ANY (winning)
            ORDER BY s.person_id, s.customer_id, s.segment, s.occurred_at, s.position
        )
    SELECT
        array_agg(
            ROW(
                s.id,
                CASE
                    WHEN s.stated_id IS NOT NULL THEN s.stated_id
                    WHEN s.kind NOT IN ('new_customer', 'void')
                    THEN coalesce(o.deal_id, signed.id, e.id)
                END,
                coalesce(o.id = s.id, false),
                s.person_id,
                s.office_id,
                s.unit_id,
                s.local_date,
                s.currency,
                s.customer_office_id,
                s.customer_id
            )::fact_deal
        )
    INTO links
    FROM sent AS s
    LEFT JOIN existing AS e
        ON
            s.segment <= 0
            AND e.state = 'open'
            AND e.person_id = s.person_id
            AND e.customer_id = s.customer_id
    LEFT JOIN existing AS signed
        ON
            s.segment = -1
            AND signed.state = 'signed'
            AND signed.person_id = s.person_id
            AND signed.customer_id = s.customer_id
    LEFT JOIN opening AS o
        ON
            o.person_id = s.person_id
            AND o.customer_id = s.customer_id
            AND o.segment = s.segment;
    RETURN links;
END;
$$;
