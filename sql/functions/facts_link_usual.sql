-- For facts_link(): what is found by a look at the registry and the deals, in the order of the
-- batch, and the people with facts that need more than that.
CREATE OR REPLACE FUNCTION facts_link_usual(
    facts judged_fact_in[],
    OUT links fact_link[],
    OUT others bigint[]
)
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
BEGIN
    WITH
        -- A batch of one person names a customer many times.
        name AS MATERIALIZED (
            SELECT n.spelled, r.office_id, r.customer_id
            FROM (SELECT DISTINCT f.customer FROM unnest(facts) AS f) AS n (spelled)
            -- By the key, one by one: LIMIT keeps it from reading the whole table for one batch.
            CROSS JOIN LATERAL (
                SELECT r.office_id, r.customer_id
                FROM customer_registry AS r
                WHERE r.name_key = name_key(n.spelled)
                LIMIT 1
            ) AS r
        ),
        found AS (
            SELECT
                f.position,
                f.person_id,
                f.unit_id,
                f.id,
                c.office_id,
                c.customer_id,
                d.deal_id,
                -- Nothing is known of a signing's next deal, and nothing is new about these.
                f.code IS NULL
                AND f.kind IN ('appointment', 'visit', 'material', 'negotiation')
                AND f.deal IS NULL
                AND (f.customer IS NULL OR d.deal_id IS NOT NULL) AS usual
            FROM unnest(facts_link_usual.facts) AS f
            LEFT JOIN name AS c ON c.spelled = f.customer
            -- The same of several as in facts_deals_found().
            LEFT JOIN LATERAL (
                SELECT k.id AS deal_id
                FROM deal AS k
                WHERE
                    k.customer_id = c.customer_id
                    AND k.person_id = f.person_id
                    AND k.state = 'open'
                ORDER BY k.opened_on DESC, k.id DESC
                LIMIT 1
            ) AS d ON true
        ),
        -- Work after a signing belongs to the next deal: a person's facts are seen together.
        seen AS (
            SELECT found.*, bool_and(found.usual) OVER (PARTITION BY found.person_id) AS all_usual
            FROM found
        )
    SELECT
        array_agg(
            CASE
                WHEN s.all_usual
                THEN ROW(
                    s.id::uuid, s.office_id, s.customer_id, s.deal_id, s.person_id, s.unit_id
                )::fact_link
            END
            ORDER BY s.position
        ),
        array_agg(DISTINCT s.person_id) FILTER (WHERE NOT s.all_usual)
    INTO links, others
    FROM seen AS s;
END;
$$;
