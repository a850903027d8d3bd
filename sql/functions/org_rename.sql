-- Makes every unit's path the one that it has today. A move that was planned ahead shows in the
-- path from its day on: the daemon calls this every hour.
--
-- SECURITY DEFINER: as org_rebuild(), and on the hour nobody acts.
CREATE OR REPLACE FUNCTION org_rename()
RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    today date := company_today();
BEGIN
    WITH RECURSIVE
        place AS (
            SELECT DISTINCT ON (unit_id) unit_id, parent_id
            FROM placement
            ORDER BY unit_id, (today BETWEEN from_date AND to_date) DESC, from_date
        ),
        downward AS (
            SELECT u.id, '' AS path
            FROM unit AS u
            WHERE u.kind = 'company'
            UNION ALL
            SELECT u.id, above.path || '/' || u.name
            FROM downward AS above
            JOIN place ON place.parent_id = above.id
            JOIN unit AS u ON u.id = place.unit_id
        )
    UPDATE unit
    SET path = d.path
    FROM downward AS d
    WHERE d.id = unit.id AND unit.kind <> 'company' AND unit.path <> d.path;
END;
$$;
