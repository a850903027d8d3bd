-- What was done in each slot.
CREATE OR REPLACE FUNCTION report_work(
    slots report_slot[],
    metrics text[],
    as_is boolean,
    today date
)
RETURNS TABLE (slot integer, metric text, currency text, done bigint, effective bigint)
LANGUAGE plpgsql
STABLE
ROWS 100
-- Thousands of rows fall into a few groups, which no estimate knows: hashing orders none of them.
SET enable_sort = off
AS $$
#variable_conflict use_column
DECLARE
    parted record := report_parted(report_work.slots, report_work.as_is);
BEGIN
    IF parted.company IS NOT NULL THEN
        RETURN QUERY
        SELECT s.slot, t.metric, t.currency, sum(t.done)::bigint, sum(t.effective)::bigint
        FROM unnest(parted.company) AS s
        CROSS JOIN LATERAL report_grains(s.from_date, s.to_date) AS piece
        CROSS JOIN LATERAL (
            SELECT
                t.metric,
                t.currency,
                sum(t.done) AS done,
                sum(t.effective) AS effective
            FROM total AS t
            WHERE
                t.scope = 'o'
                AND t.grain = piece.grain
                AND t.date BETWEEN piece.from_date AND piece.to_date
                AND (report_work.metrics IS NULL OR t.metric = ANY (report_work.metrics))
            GROUP BY t.metric, t.currency
        ) AS t
        GROUP BY s.slot, t.metric, t.currency;
    END IF;
    IF parted.whole IS NOT NULL THEN
        RETURN QUERY
        SELECT o.slot, t.metric, t.currency, sum(t.done)::bigint, sum(t.effective)::bigint
        FROM report_offices(parted.whole) AS o
        CROSS JOIN LATERAL report_grains(o.from_date, o.to_date) AS piece
        -- All offices of a piece in one scan.
        CROSS JOIN LATERAL (
            SELECT
                t.metric,
                t.currency,
                sum(t.done) AS done,
                sum(t.effective) AS effective
            FROM total AS t
            WHERE
                t.scope = 'o'
                AND t.office_id = ANY (o.office_ids)
                AND t.grain = piece.grain
                AND t.date BETWEEN piece.from_date AND piece.to_date
                AND (report_work.metrics IS NULL OR t.metric = ANY (report_work.metrics))
            GROUP BY t.metric, t.currency
        ) AS t
        GROUP BY o.slot, t.metric, t.currency;
    END IF;
    IF parted.rest IS NOT NULL THEN
        RETURN QUERY
        SELECT p.slot, t.metric, t.currency, sum(t.done)::bigint, sum(t.effective)::bigint
        FROM report_places(parted.rest, report_work.as_is, report_work.today) AS p
        CROSS JOIN LATERAL report_grains(p.from_date, p.to_date) AS piece
        -- Piece by piece: each is one stretch of the key, found by the index.
        CROSS JOIN LATERAL (
            SELECT t.metric, t.currency, t.done, t.effective
            FROM total AS t
            WHERE
                t.office_id = p.office_id
                AND t.scope = p.scope
                AND t.scope_id = p.scope_id
                AND t.grain = piece.grain
                AND t.date BETWEEN piece.from_date AND piece.to_date
                AND (report_work.metrics IS NULL OR t.metric = ANY (report_work.metrics))
            OFFSET 0
        ) AS t
        GROUP BY p.slot, t.metric, t.currency;
    END IF;
END;
$$;
