-- Of many units, for each the first one that has the same calendar and standards as it on every day
-- of a range: nearly all inherit them from the same few units above (2.1, 2.5). What is worked out
-- by day and unit is then worked out for those few.
CREATE OR REPLACE FUNCTION units_alike(units bigint[], from_date date, to_date date)
RETURNS TABLE (unit_id bigint, like_id bigint)
LANGUAGE plpgsql
STABLE
ROWS 1000
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH
        own AS MATERIALIZED (SELECT o.unit_id FROM units_with_own() AS o),
        asked AS MATERIALIZED (
            -- A day before a unit existed counts as its first.
            SELECT
                u.id,
                greatest(u.exists_from, units_alike.from_date) AS first_day,
                greatest(units_alike.to_date + 1, u.exists_from) AS last_day
            -- Taken for a thousand by the planner, and so never looped over.
            FROM generate_subscripts(units_alike.units, 1) AS place
            JOIN unit AS u ON u.id = units_alike.units[place]
        ),
        -- What is above with something of its own, from near to far.
        chain AS (
            SELECT
                a.id,
                a.first_day,
                array_agg(
                    ROW(
                        r.ancestor_id,
                        greatest(r.from_date, a.first_day),
                        least(r.to_date, a.last_day)
                    )
                    ORDER BY r.depth, r.from_date
                ) AS above
            FROM own
            JOIN reach AS r ON r.ancestor_id = own.unit_id
            JOIN asked AS a
                ON a.id = r.unit_id AND r.to_date >= a.first_day AND r.from_date <= a.last_day
            GROUP BY a.id, a.first_day
        )
    SELECT a.id, min(a.id) OVER (PARTITION BY a.first_day, c.above)
    FROM asked AS a
    LEFT JOIN chain AS c ON c.id = a.id;
END;
$$;
