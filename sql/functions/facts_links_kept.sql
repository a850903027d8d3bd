-- The links of a batch with those of facts that were not kept struck out.
CREATE OR REPLACE FUNCTION facts_links_kept(links fact_link[], kept fact_kept[])
RETURNS fact_link[]
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        SELECT
            array_agg(
                CASE
                    WHEN k.id IS NOT NULL
                    THEN ROW(k.id, NULL, NULL, NULL, l.of_person_id, l.of_unit_id)::fact_link
                END
                ORDER BY l.ordinality
            )
        FROM unnest(facts_links_kept.links) WITH ORDINALITY AS l
        LEFT JOIN unnest(facts_links_kept.kept) AS k ON k.id = l.fact_id
    );
END;
$$;
