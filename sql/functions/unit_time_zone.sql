-- A unit's time zone: its own, or that of the nearest unit above that has one. A unit that does not
-- exist yet inherits by its first place.
CREATE OR REPLACE FUNCTION unit_time_zone(unit_id bigint)
RETURNS text
LANGUAGE sql
STABLE
AS $$
    SELECT u.time_zone
    FROM reach AS r
    JOIN unit AS u ON u.id = r.ancestor_id
    WHERE r.unit_id = unit_time_zone.unit_id AND u.time_zone IS NOT NULL
    ORDER BY (current_date BETWEEN r.from_date AND r.to_date) DESC, r.depth
    LIMIT 1;
$$;
