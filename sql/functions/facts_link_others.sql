-- For facts_link(): registers the customers that fresh facts name for the first time, opens the
-- deals that they begin, and gives what each belongs to.
CREATE OR REPLACE FUNCTION facts_link_others(fresh judged_fact_in[], actors bigint[])
RETURNS TABLE ("position" integer, link fact_link)
LANGUAGE plpgsql
ROWS 100
AS $$
#variable_conflict use_column
DECLARE
    named customer_named[] := facts_register(fresh, actors);
BEGIN
    RETURN QUERY
    SELECT
        f.position,
        ROW(
            deal.fact_id,
            coalesce(n.office_id, d.customer_office_id),
            coalesce(n.customer_id, d.customer_id),
            deal.deal_id,
            f.person_id,
            f.unit_id
        )::fact_link
    FROM unnest(fresh) AS f
    JOIN facts_deals(fresh, facts_link_others.actors, named) AS deal ON deal.fact_id = f.id::uuid
    LEFT JOIN unnest(named) AS n ON n.spelled = f.customer
    -- The customer of a fact that names its deal alone.
    LEFT JOIN LATERAL (
        SELECT k.customer_office_id, k.customer_id
        FROM deal AS k
        WHERE k.id = f.deal::uuid AND f.customer IS NULL
        LIMIT 1
    ) AS d ON true;
END;
$$;
