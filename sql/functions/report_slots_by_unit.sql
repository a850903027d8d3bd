-- The units right below a scope in its range, or today, and a last line for the people who belong
-- to the unit itself, while there are such.
CREATE OR REPLACE FUNCTION report_slots_by_unit(scope report_slot, as_is boolean)
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
            SELECT DISTINCT u.id, u.path, u.name, false AS own_only
            FROM span
            JOIN reach AS r
                ON
                    r.ancestor_id = scope.unit_id
                    AND r.depth = 1
                    AND r.from_date <= span.to_date
                    AND r.to_date >= span.from_date
            JOIN unit AS u ON u.id = r.unit_id
            UNION ALL
            SELECT u.id, u.path, u.name, true
            FROM unit AS u
            WHERE
                u.id = scope.unit_id
                AND EXISTS (
                    SELECT
                    FROM span
                    JOIN membership AS m
                        ON
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
                part.own_only,
                scope.unit_id,
                CASE WHEN NOT part.own_only THEN part.id END,
                NULL,
                part.id,
                scope.currency,
                scope.from_date,
                scope.to_date
            )::report_slot
            ORDER BY part.place
        )
    FROM (
        SELECT part.*, row_number() OVER (ORDER BY part.own_only, part.path) AS place
        FROM part
    ) AS part;
$$;
