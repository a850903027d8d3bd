-- Whose calendar each of many units has: the nearest unit at or above it that has exceptions or a
-- working week of its own, for the others have the same days. A unit that was ever moved, or hung
-- below one that was, is its own, since it had several units' days in turn.
CREATE OR REPLACE FUNCTION calendars_of(units bigint[])
RETURNS TABLE (unit_id bigint, calendar_id bigint)
LANGUAGE sql
STABLE
ROWS 100
AS $$
    WITH
        own AS MATERIALIZED (
            SELECT w.unit_id FROM working_week AS w
            UNION
            SELECT e.unit_id FROM calendar_exception AS e
        )
    SELECT
        u.unit_id,
        CASE
            WHEN count(*) = max(r.depth) + 1
            THEN (array_agg(r.ancestor_id ORDER BY r.depth) FILTER (
                WHERE r.ancestor_id IN (SELECT own.unit_id FROM own)
            ))[1]
            ELSE u.unit_id
        END
    FROM (SELECT DISTINCT a.unit_id FROM unnest(calendars_of.units) AS a (unit_id)) AS u
    JOIN reach AS r ON r.unit_id = u.unit_id
    GROUP BY u.unit_id;
$$;
