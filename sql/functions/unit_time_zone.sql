-- A unit's time zone: its own, or that of the nearest unit above that has one. A unit that does not
-- exist yet inherits by its first place. The units above are looked up one by one, since a join
-- would read all units for the few that have one of their own.
CREATE OR REPLACE FUNCTION unit_time_zone(unit_id bigint)
RETURNS text
LANGUAGE plpgsql
STABLE
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
