-- Every row of total that differs from what the facts add up to (architecture: none is legal); an
-- absent row counts as zero. For `tiejund check`.
CREATE OR REPLACE FUNCTION totals_check()
RETURNS TABLE (
    office_id bigint,
    scope "char",
    scope_id bigint,
    grain "char",
    date date,
    metric text,
    currency text,
    done bigint,
    effective bigint,
    expected_done bigint,
    expected_effective bigint
)
LANGUAGE sql
STABLE
SET jit = off
AS $$
    WITH
        expected AS (
            SELECT
                f.office_id,
                s.scope,
                s.scope_id,
                g.grain,
                g.date,
                m.metric,
                CASE WHEN m.is_money THEN f.currency ELSE '' END AS currency,
                sum(CASE WHEN m.is_money THEN f.amount_minor ELSE 1 END) AS done,
                coalesce(
                    sum(CASE WHEN m.is_money THEN f.amount_minor ELSE 1 END)
                        FILTER (WHERE f.effective),
                    0
                ) AS effective
            FROM fact AS f
            JOIN metric AS m ON m.fact_kind = f.kind
            LEFT JOIN fact AS w ON w.office_id = f.office_id AND w.voids = f.id
            CROSS JOIN LATERAL (
                VALUES
                    ('o'::"char", f.office_id), ('u'::"char", f.unit_id), ('p'::"char", f.person_id)
            ) AS s (scope, scope_id)
            CROSS JOIN LATERAL (
                VALUES
                    ('d'::"char", f.local_date),
                    ('m'::"char", date_trunc('month', f.local_date)::date)
            ) AS g (grain, date)
            WHERE w.id IS NULL
            GROUP BY 1, 2, 3, 4, 5, 6, 7
        )
    SELECT
        office_id, scope, scope_id, grain, date, metric, currency,
        coalesce(t.done, 0),
        coalesce(t.effective, 0),
        coalesce(e.done, 0)::bigint,
        coalesce(e.effective, 0)::bigint
    FROM total AS t
    FULL JOIN expected AS e USING (office_id, scope, scope_id, grain, date, metric, currency)
    WHERE
        coalesce(t.done, 0) <> coalesce(e.done, 0)
        OR coalesce(t.effective, 0) <> coalesce(e.effective, 0)
    ORDER BY 1, 2, 3, 4, 5, 6, 7;
$$;
