-- The deal of each fresh fact (3.5): the one it names; else the open one of its person with its
-- customer, the latest of several; else, for work that wins a customer, a new one, opened here at
-- grade C. Work after a signing in the same batch belongs to the next deal. A payment that names no
-- deal belongs to the last one signed.
CREATE OR REPLACE FUNCTION facts_deals(
    fresh judged_fact_in[],
    actors bigint[],
    named customer_named[]
)
RETURNS TABLE (fact_id uuid, deal_id uuid)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    winning CONSTANT text[] := '{appointment,visit,material,negotiation,signing}';
    links fact_deal[];
BEGIN
    links := facts_deals_found(fresh, named, winning);
    -- Another batch may be opening the deal of the same person and customer at this moment: one
    -- after the other, in one order, and then looked at again.
    PERFORM pg_advisory_xact_lock(pair.key)
    FROM (
        SELECT DISTINCT hashtextextended(l.person_id || ' ' || l.customer_id, 0) AS key
        FROM unnest(links) AS l
        WHERE l.opens
        ORDER BY key
    ) AS pair;
    IF FOUND THEN
        links := facts_deals_found(fresh, named, winning);
    END IF;
    PERFORM deals_open(
        array_agg(
            ROW(
                l.office_id,
                l.deal_id,
                l.customer_office_id,
                l.customer_id,
                l.person_id,
                l.unit_id,
                NULL,
                'c',
                'open',
                l.local_date,
                NULL,
                NULL,
                NULL,
                coalesce(l.currency, unit_currency(l.office_id)),
                NULL,
                NULL
            )::deal
            ORDER BY l.deal_id
        ),
        array_agg(l.fact_id ORDER BY l.deal_id),
        array_agg(facts_deals.actors[f.position] ORDER BY l.deal_id)
    )
    FROM unnest(links) AS l
    JOIN unnest(fresh) AS f ON f.id::uuid = l.fact_id
    WHERE l.opens
    HAVING count(*) > 0;
    RETURN QUERY SELECT l.fact_id, l.deal_id FROM unnest(links) AS l;
END;
$$;
