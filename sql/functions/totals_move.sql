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
BEGIN
    WITH
        moved AS (
            SELECT
                f.office_id, f.unit_id, f.person_id, f.kind, f.local_date, f.amount_minor,
                f.currency, f.effective, 1 AS sign
            FROM unnest(added) AS f
            WHERE f.kind <> 'void'
            UNION ALL
            SELECT
                v.office_id, v.unit_id, v.person_id, v.kind, v.local_date, v.amount_minor,
                v.currency, v.effective, -1
            FROM unnest(added) AS f
            JOIN fact AS v ON v.office_id = f.office_id AND v.id = f.voids
            WHERE f.kind = 'void'
        ),
        counted AS MATERIALIZED (
            SELECT
                moved.office_id,
                moved.unit_id,
                moved.person_id,
                moved.local_date,
                m.metric,
                CASE WHEN m.is_money THEN moved.currency ELSE '' END AS currency,
                sum(moved.sign * a.amount) AS done,
                sum(moved.sign * a.amount) FILTER (WHERE moved.effective) AS effective
            FROM moved
            JOIN metric AS m ON m.fact_kind = moved.kind
            CROSS JOIN LATERAL (
                SELECT CASE WHEN m.is_money THEN moved.amount_minor ELSE 1 END
            ) AS a (amount)
            GROUP BY 1, 2, 3, 4, 5, 6
        )
    INSERT INTO total (
        office_id, scope, scope_id, grain, date, metric, currency, done, effective
    )
    SELECT
        c.office_id,
        s.scope,
        s.scope_id,
        g.grain,
        g.date,
        c.metric,
        c.currency,
        sum(c.done),
        coalesce(sum(c.effective), 0)
    FROM counted AS c
    CROSS JOIN LATERAL (
        VALUES
            ('o'::"char", c.office_id), ('u'::"char", c.unit_id), ('p'::"char", c.person_id)
    ) AS s (scope, scope_id)
    CROSS JOIN LATERAL (
        VALUES
            ('d'::"char", c.local_date), ('m'::"char", date_trunc('month', c.local_date)::date)
    ) AS g (grain, date)
    GROUP BY 1, 2, 3, 4, 5, 6, 7
    HAVING sum(c.done) <> 0 OR sum(c.effective) <> 0
    ORDER BY 1, 2, 3, 4, 5, 6, 7
    ON CONFLICT (office_id, scope, scope_id, grain, date, metric, currency) DO UPDATE
    SET
        done = total.done + excluded.done,
        effective = total.effective + excluded.effective;
END;
$$;
