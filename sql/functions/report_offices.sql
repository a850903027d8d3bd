-- The offices whose totals are the work of whole units (see report_parted), and in which days:
-- those at and below each, while they were there (1.1).
CREATE OR REPLACE FUNCTION report_offices(slots report_slot[])
RETURNS TABLE (slot integer, office_ids bigint[], from_date date, to_date date)
LANGUAGE sql
STABLE
ROWS 10
AS $$
    SELECT s.slot, array_agg(r.unit_id), span.from_date, span.to_date
    FROM unnest(report_offices.slots) AS s
    LEFT JOIN reach AS b
        ON b.ancestor_id = s.within_id AND b.unit_id = s.unit_id AND b.depth = 1
    JOIN reach AS r ON r.ancestor_id = s.unit_id AND r.is_office
    CROSS JOIN LATERAL (
        SELECT
            greatest(s.from_date, b.from_date, r.from_date),
            least(s.to_date, b.to_date, r.to_date)
    ) AS span (from_date, to_date)
    WHERE
        span.from_date <= span.to_date
        AND (s.within_id IS NULL OR b.unit_id IS NOT NULL)
    GROUP BY s.slot, span.from_date, span.to_date;
$$;
