-- Every team below a scope in its range, or today, each with its own members; and after them the
-- other units that have members of their own, so that the lines add up to the whole.
CREATE OR REPLACE FUNCTION report_slots_by_team(scope report_slot, as_is boolean)
RETURNS report_slot[]
LANGUAGE sql
STABLE
AS $$
    WITH
        span AS (
            SELECT
                CASE WHEN as_is THEN today ELSE scope.from_date END AS from_date,
                CASE WHEN as_is THEN today ELSE scope.to_date END AS to_date
            FROM unit_today(scope.unit_id) AS today
        ),
        part AS (
            SELECT DISTINCT u.id, u.path, u.name, u.kind = 'team' AS is_team
            FROM span
            JOIN reach AS r
                ON
                    r.ancestor_id = scope.unit_id
                    AND r.from_date <= span.to_date
                    AND r.to_date >= span.from_date
            JOIN unit AS u ON u.id = r.unit_id
            WHERE
                u.kind = 'team'
                OR EXISTS (
                    SELECT
                    FROM membership AS m
                    WHERE
                        m.unit_id = u.id
                        AND m.from_date <= span.to_date
                        AND m.to_date >= span.from_date
                )
        )
    SELECT
        array_agg(
            ROW(
                part.place,
                part.path,
                part.name,
                part.id,
                NULL,
                true,
                scope.unit_id,
                CASE WHEN part.is_team THEN part.id END,
                NULL,
                part.id,
                scope.currency,
                scope.from_date,
                scope.to_date
            )::report_slot
            ORDER BY part.place
        )
    FROM (
        SELECT part.*, row_number() OVER (ORDER BY part.is_team DESC, part.path) AS place
        FROM part
    ) AS part;
$$;
