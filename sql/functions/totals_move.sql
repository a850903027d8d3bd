-- Moves the totals by facts that are new: adds what they did, and takes out what the facts that
-- they void had added, on those facts' own days (3.1). One upsert in the order of the key:
-- transactions that meet wait for each other one way.
--
-- SECURITY DEFINER: a rep's work moves totals of the office, which are not the rep's to see. The
-- totals change by what facts say, and by nothing else: nobody writes them by hand. It tells
-- nothing.
CREATE OR REPLACE FUNCTION totals_move(added fact_kept[])
RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    -- Behind those that were added.
    taken fact_kept[];
BEGIN
    IF EXISTS (SELECT FROM unnest(added) AS f WHERE f.voids IS NOT NULL) THEN
        taken := ARRAY(
            SELECT
                ROW(
                    v.office_id,
                    v.id,
                    v.person_id,
                    v.unit_id,
                    v.kind,
                    v.occurred_at,
                    v.local_date,
                    v.actor_id,
                    v.customer_office_id,
                    v.customer_id,
                    v.deal_id,
                    v.amount_minor,
                    v.currency,
                    v.voids,
                    v.effective
                )::fact_kept
            FROM unnest(added) AS f
            JOIN fact AS v ON v.office_id = f.office_id AND v.id = f.voids
        );
    END IF;
    INSERT INTO total (
        office_id, scope, scope_id, grain, date, metric, currency, done, effective
    )
    SELECT
        f.office_id,
        s.scope,
        s.scope_id,
        g.grain,
        g.date,
        m.metric,
        CASE WHEN m.is_money THEN f.currency ELSE '' END,
        sum(a.amount),
        coalesce(sum(a.amount) FILTER (WHERE f.effective), 0)
    FROM unnest(added || taken) WITH ORDINALITY AS f
    JOIN metric AS m ON m.fact_kind = f.kind
    CROSS JOIN LATERAL (
        SELECT
            CASE WHEN m.is_money THEN f.amount_minor ELSE 1 END
            * CASE WHEN f.ordinality > cardinality(added) THEN -1 ELSE 1 END
    ) AS a (amount)
    CROSS JOIN LATERAL (
        VALUES
            ('o'::"char", f.office_id), ('u'::"char", f.unit_id), ('p'::"char", f.person_id)
    ) AS s (scope, scope_id)
    CROSS JOIN LATERAL (
        VALUES
            ('d'::"char", f.local_date), ('m'::"char", date_trunc('month', f.local_date)::date)
    ) AS g (grain, date)
    GROUP BY 1, 2, 3, 4, 5, 6, 7
    HAVING sum(a.amount) <> 0 OR sum(a.amount) FILTER (WHERE f.effective) <> 0
    ORDER BY 1, 2, 3, 4, 5, 6, 7
    ON CONFLICT (office_id, scope, scope_id, grain, date, metric, currency) DO UPDATE
    SET
        done = total.done + excluded.done,
        effective = total.effective + excluded.effective;
END;
$$;
