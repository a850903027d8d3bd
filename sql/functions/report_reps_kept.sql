-- The reps of units as they were with all that is below them (2.1), as strength has them: those of
-- the whole unit; and where one below has a calendar or standards of its own, once more by that
-- one, and less by the one above that they were counted with.
CREATE OR REPLACE FUNCTION report_reps_kept(slots report_slot[])
RETURNS report_rep[]
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        WITH
            -- Each unit with the days in which it belongs to the report.
            span AS MATERIALIZED (
                SELECT s.slot, s.unit_id, day.from_date, day.to_date
                FROM unnest(report_reps_kept.slots) AS s
                LEFT JOIN reach AS b
                    ON
                        b.ancestor_id = s.within_id
                        AND b.unit_id = s.unit_id
                        AND b.depth = 1
                CROSS JOIN LATERAL (
                    SELECT greatest(s.from_date, b.from_date), least(s.to_date, b.to_date)
                ) AS day (from_date, to_date)
                WHERE
                    day.from_date <= day.to_date
                    AND (s.within_id IS NULL OR b.unit_id IS NOT NULL)
            ),
            own AS MATERIALIZED (SELECT o.unit_id FROM units_with_own() AS o),
            -- What they hung below, and when.
            hung AS MATERIALIZED (
                SELECT r.unit_id, r.ancestor_id, r.depth, r.from_date, r.to_date
                FROM own
                JOIN reach AS r ON r.unit_id = own.unit_id AND r.depth > 0
            ),
            part AS (
                SELECT
                    span.slot, span.unit_id AS like_id, span.unit_id, 1 AS times, span.from_date,
                    span.to_date
                FROM span
                UNION ALL
                SELECT span.slot, put.like_id, h.unit_id, put.times, day.from_date, day.to_date
                FROM hung AS h
                JOIN span
                    ON
                        span.unit_id = h.ancestor_id
                        AND span.from_date <= h.to_date
                        AND span.to_date >= h.from_date
                -- From one move of what is above it to the next.
                CROSS JOIN LATERAL (
                    SELECT
                        turn.date AS from_date,
                        lead(turn.date - 1, 1, least(span.to_date, h.to_date))
                            OVER (ORDER BY turn.date) AS to_date
                    FROM (
                        SELECT greatest(span.from_date, h.from_date)
                        UNION
                        SELECT m.from_date
                        FROM hung AS m
                        WHERE
                            m.unit_id = h.unit_id
                            AND m.from_date > greatest(span.from_date, h.from_date)
                            AND m.from_date <= least(span.to_date, h.to_date)
                    ) AS turn (date)
                ) AS day
                CROSS JOIN LATERAL (
                    SELECT a.ancestor_id
                    FROM hung AS a
                    WHERE
                        a.unit_id = h.unit_id
                        AND a.depth <= h.depth
                        AND day.from_date BETWEEN a.from_date AND a.to_date
                        AND (
                            a.ancestor_id = span.unit_id
                            OR a.ancestor_id IN (SELECT o.unit_id FROM own AS o)
                        )
                    ORDER BY a.depth
                    LIMIT 1
                ) AS above
                CROSS JOIN LATERAL (
                    VALUES (h.unit_id, 1), (above.ancestor_id, -1)
                ) AS put (like_id, times)
            ),
            reps AS (
                SELECT
                    part.slot,
                    part.like_id,
                    greatest(s.date, part.from_date) AS from_date,
                    part.to_date + 1 AS end_date,
                    sum(part.times * s.change)::bigint AS reps
                FROM part
                JOIN strength AS s ON s.unit_id = part.unit_id AND s.date <= part.to_date
                GROUP BY 1, 2, 3, 4
            )
        SELECT
            array_agg(
                ROW(r.slot, r.like_id, r.from_date, r.end_date, r.reps, NULL)::report_rep
            )
        FROM reps AS r
        WHERE r.reps <> 0
    );
END;
$$;
