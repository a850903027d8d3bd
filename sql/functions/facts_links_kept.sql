-- The links of a batch with those of facts that were not kept struck out. One that was sent several
-- times was kept once: the first time.
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
        FROM (
            SELECT
                l.*,
                row_number() OVER (PARTITION BY l.fact_id ORDER BY l.ordinality) AS time_sent
            FROM unnest(facts_links_kept.links) WITH ORDINALITY AS l
        ) AS l
        LEFT JOIN unnest(facts_links_kept.kept) AS k ON k.id = l.fact_id AND l.time_sent = 1
    );
END;
$$;
