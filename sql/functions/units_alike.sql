-- Of many units, for each the first one that has the same calendar and standards as it on every day
-- of a range: nearly all inherit them from the same few units above (2.1, 2.5). What is worked out
-- by day and unit is then worked out for those few.
CREATE OR REPLACE FUNCTION units_alike(units bigint[], from_date date, to_date date)
RETURNS TABLE (unit_id bigint, like_id bigint)
LANGUAGE plpgsql
STABLE
ROWS 1000
SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH
        -- Units with something of their own.
        own AS MATERIALIZED (
            SELECT w.unit_id FROM working_week AS w
            UNION
            SELECT e.unit_id FROM calendar_exception AS e
            UNION
            SELECT s.unit_id FROM standard AS s
        ),
        asked AS MATERIALIZED (
            -- A day before a unit existed counts as its first.
            SELECT u.id, greatest(u.exists_from, units_alike.from_date) AS first_day
            FROM unit AS u
            WHERE u.id = ANY (units_alike.units)
        ),
        chain AS (
            SELECT
                a.id,
                a.first_day,
                array_agg(
                    ROW(
                        r.ancestor_id,
                        greatest(r.from_date, a.first_day),
                        least(r.to_date, greatest(units_alike.to_date + 1, a.first_day))
                    )
                    ORDER BY r.depth, r.from_date
                ) FILTER (WHERE own.unit_id IS NOT NULL) AS above
            FROM asked AS a
            JOIN reach AS r
                ON
                    r.unit_id = a.id
                    AND r.to_date >= a.first_day
                    AND r.from_date <= greatest(units_alike.to_date + 1, a.first_day)
            LEFT JOIN own ON own.unit_id = r.ancestor_id
            GROUP BY a.id, a.first_day
        )
    SELECT c.id, min(c.id) OVER (PARTITION BY c.first_day, c.above)
    FROM chain AS c;
END;
$$;
