-- The customer and the deal (3.5) of each fact of a batch, in its order; no id where a fact is not
-- to be kept. Most work is done with customers that are known, on deals that are open: those are
-- looked up. Who sent anything else has all facts linked the long way, by which customers are
-- registered and deals opened, since work after a signing belongs to the next deal. usual: nobody
-- did, and no deal changes by these facts.
CREATE OR REPLACE FUNCTION facts_link(
    facts judged_fact_in[],
    actors bigint[],
    OUT links fact_link[],
    OUT usual boolean
)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    others bigint[];
    fresh judged_fact_in[];
BEGIN
    SELECT
        array_agg(
            ROW(
                CASE WHEN f.code IS NULL THEN f.id::uuid END,
                c.office_id,
                c.customer_id,
                d.deal_id,
                f.person_id,
                f.unit_id
            )::fact_link
            ORDER BY f.position
        ),
        array_agg(f.person_id) FILTER (
            WHERE
                -- Nothing is known of a signing's next deal, and nothing is new about these.
                f.code IS NOT NULL
                OR f.kind NOT IN ('appointment', 'visit', 'material', 'negotiation')
                OR f.deal IS NOT NULL
                OR f.customer IS NOT NULL AND d.deal_id IS NULL
        )
    INTO links, others
    FROM unnest(facts_link.facts) AS f
    -- By the key, one by one: LIMIT keeps it from reading the whole table for one batch.
    LEFT JOIN LATERAL (
        SELECT r.office_id, r.customer_id
        FROM customer_registry AS r
        WHERE r.name_key = name_key(f.customer)
        LIMIT 1
    ) AS c ON true
    -- The same of several as in facts_deals_found().
    LEFT JOIN LATERAL (
        SELECT k.id AS deal_id
        FROM deal AS k
        WHERE k.customer_id = c.customer_id AND k.person_id = f.person_id AND k.state = 'open'
        ORDER BY k.opened_on DESC, k.id DESC
        LIMIT 1
    ) AS d ON true;
    usual := others IS NULL;
    IF usual THEN
        RETURN;
    END IF;
    fresh := facts_fresh(
        ARRAY(SELECT f FROM unnest(facts_link.facts) AS f WHERE f.person_id = ANY (others))
    );
    PERFORM facts_check_rights(array_agg(f.person_id), array_agg(facts_link.actors[f.position]))
    FROM unnest(fresh) AS f;
    links := ARRAY(
        SELECT
            CASE
                WHEN l.of_person_id <> ALL (others)
                THEN ROW(
                    l.fact_id,
                    l.customer_office_id,
                    l.customer_id,
                    l.deal_id,
                    l.of_person_id,
                    l.of_unit_id
                )::fact_link
                ELSE o.link
            END
        FROM unnest(links) WITH ORDINALITY AS l
        LEFT JOIN facts_link_others(fresh, facts_link.actors) AS o ON o.position = l.ordinality
        ORDER BY l.ordinality
    );
END;
$$;
