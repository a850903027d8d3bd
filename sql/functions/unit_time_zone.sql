-- A unit's time zone: its own, or that of the nearest unit above that has one. A unit that does not
-- exist yet inherits by its first place. The units above are looked up one by one, since a join
-- would read all units for the few that have one of their own.
--
-- SECURITY DEFINER: the company's shape is known to all. Those who begin a request call it as the
-- owner and those who answer it as the daemon, and with row-level security each change of the role
-- would plan it anew.
CREATE OR REPLACE FUNCTION unit_time_zone(unit_id bigint)
RETURNS text
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        SELECT above.own
        FROM (
            SELECT
                (SELECT u.time_zone FROM unit AS u WHERE u.id = r.ancestor_id) AS own,
                current_date BETWEEN r.from_date AND r.to_date AS is_place_now,
                r.depth
            FROM reach AS r
            WHERE r.unit_id = unit_time_zone.unit_id
        ) AS above
        WHERE above.own IS NOT NULL
        ORDER BY above.is_place_now DESC, above.depth
        LIMIT 1
    );
END;
$$;
