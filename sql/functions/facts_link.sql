-- The customer and the deal (3.5) of each fact of a batch, in its order; no id where a fact is not
-- to be kept. Most work is done with customers that are known, on deals that are open: those are
-- looked up. Who sent anything else has all facts linked the long way, by which customers are
-- registered and deals opened. usual: nobody did, and no deal changes by these facts.
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
    people bigint[];
    fresh judged_fact_in[];
BEGIN
    SELECT u.links, u.others INTO links, people FROM facts_link_usual(facts) AS u;
    usual := people IS NULL;
    IF NOT usual THEN
        fresh := facts_fresh(
            ARRAY(SELECT f FROM unnest(facts) AS f WHERE f.person_id = ANY (people))
        );
    END IF;
    IF fresh IS NULL THEN
        RETURN;
    END IF;
    PERFORM facts_check_rights(array_agg(f.person_id), array_agg(facts_link.actors[f.position]))
    FROM unnest(fresh) AS f;
    SELECT
        array_agg(
            coalesce(
                o.link,
                ROW(
                    l.fact_id,
                    l.customer_office_id,
                    l.customer_id,
                    l.deal_id,
                    l.of_person_id,
                    l.of_unit_id
                )::fact_link
            )
            ORDER BY l.ordinality
        )
    INTO links
    FROM unnest(links) WITH ORDINALITY AS l
    LEFT JOIN facts_link_others(fresh, facts_link.actors) AS o ON o.position = l.ordinality;
END;
$$;
