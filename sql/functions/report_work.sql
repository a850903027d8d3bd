-- What was done in each slot: whole months by their monthly totals, the days at the ends by daily
-- ones.
CREATE OR REPLACE FUNCTION report_work(
    slots report_slot[],
    metrics text[],
    as_is boolean,
    today date
)
RETURNS TABLE (slot integer, metric text, currency text, done bigint, effective bigint)
LANGUAGE sql
STABLE
ROWS 100
AS $$
    WITH
        source AS (
            SELECT
                s.*,
                date_trunc('month', s.from_date + interval '1 month' - interval '1 day')::date
                    AS first_month,
                -- The first day after the last whole month.
                date_trunc('month', s.to_date + 1)::date AS after_months
            FROM report_sources(
                report_work.slots, report_work.as_is, report_work.today
            ) AS s
        ),
        piece AS (
            SELECT s.slot, s.office_id, s.scope, s.scope_id, p.grain, p.from_date, p.to_date
            FROM source AS s
            CROSS JOIN LATERAL (
                VALUES
                    ('m'::"char", s.first_month, s.after_months - 1),
                    ('d'::"char", s.from_date, least(s.first_month - 1, s.to_date)),
                    ('d'::"char", greatest(s.after_months, s.first_month), s.to_date)
            ) AS p (grain, from_date, to_date)
            WHERE p.from_date <= p.to_date
        )
    SELECT
        piece.slot,
        t.metric,
        t.currency,
        sum(t.done)::bigint,
        sum(t.effective)::bigint
    FROM piece
    -- Piece by piece, which OFFSET sees to: each is one stretch of the key, found by the index.
    CROSS JOIN LATERAL (
        SELECT t.metric, t.currency, t.done, t.effective
        FROM total AS t
        WHERE
            t.office_id = piece.office_id
            AND t.scope = piece.scope
            AND t.scope_id = piece.scope_id
            AND t.grain = piece.grain
            AND t.date BETWEEN piece.from_date AND piece.to_date
            AND (report_work.metrics IS NULL OR t.metric = ANY (report_work.metrics))
        OFFSET 0
    ) AS t
    GROUP BY piece.slot, t.metric, t.currency;
$$;
