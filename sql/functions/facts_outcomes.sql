-- What became of each fact of a batch, in the order sent. kept are the ids that are new by it. A
-- known fact answers with the verdict that it was kept with. One that is neither was a void that
-- lost against another of the same fact.
CREATE OR REPLACE FUNCTION facts_outcomes(facts judged_fact_in[], kept uuid[])
RETURNS TABLE (
    id text,
    intake text,
    effective boolean,
    failed_reasons text[],
    field text,
    code text,
    message text,
    local_date text
)
LANGUAGE plpgsql
STABLE
ROWS 1000
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH
        sent AS (
            SELECT
                f.*,
                u.fact_id,
                row_number() OVER (PARTITION BY u.fact_id, f.code ORDER BY f.position) AS time_sent
            FROM unnest(facts_outcomes.facts) AS f
            CROSS JOIN LATERAL (
                SELECT CASE WHEN f.code IS NULL THEN f.id::uuid END
            ) AS u (fact_id)
        ),
        found AS (
            SELECT
                s.position,
                s.id,
                CASE
                    WHEN s.code = 'backdated' THEN 'pending'
                    WHEN s.code IS NOT NULL THEN 'refused'
                    WHEN n.fact_id IS NOT NULL AND s.time_sent = 1 THEN 'accepted'
                    WHEN n.fact_id IS NOT NULL OR k.id IS NOT NULL THEN 'known'
                    ELSE 'refused'
                END AS intake,
                coalesce(k.effective, s.effective) AS effective,
                CASE WHEN k.id IS NULL THEN s.failed_reasons ELSE k.failed_reasons END
                    AS failed_reasons,
                s.field,
                s.code,
                s.arguments,
                s.voids,
                coalesce(k.local_date::text, s.local_date) AS local_date
            FROM sent AS s
            LEFT JOIN unnest(facts_outcomes.kept) AS n (fact_id) ON n.fact_id = s.fact_id
            -- What this batch kept is as it was sent. LIMIT: by the key, not the whole table.
            LEFT JOIN LATERAL (
                SELECT k.id, k.effective, k.failed_reasons, k.local_date
                FROM fact AS k
                WHERE
                    k.office_id = s.office_id
                    AND k.id = s.fact_id
                    AND (n.fact_id IS NULL OR s.time_sent > 1)
                LIMIT 1
            ) AS k ON true
        )
    SELECT
        f.id,
        f.intake,
        CASE WHEN f.intake <> 'refused' THEN f.effective END,
        CASE WHEN f.intake <> 'refused' THEN coalesce(f.failed_reasons, '{}') END,
        CASE WHEN f.intake = 'refused' THEN coalesce(f.field, 'voids') END,
        CASE WHEN f.intake = 'refused' THEN coalesce(f.code, 'voided_already') END,
        CASE WHEN f.intake = 'refused' THEN coalesce(f.arguments, f.voids) END,
        CASE WHEN f.intake <> 'refused' THEN f.local_date END
    FROM found AS f
    ORDER BY f.position;
END;
$$;
