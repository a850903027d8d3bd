-- Makes strength anew from rep_time: after each change of the tree, by which it is summed up, and
-- at each migrate. The caller holds org_lock().
--
-- SECURITY DEFINER: as strength_keep().
CREATE OR REPLACE FUNCTION strength_rebuild()
RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
BEGIN
    DELETE FROM strength;
    INSERT INTO strength (unit_id, date, change)
    SELECT c.unit_id, c.date, c.change
    FROM strength_changes(ARRAY(SELECT t FROM rep_time AS t)) AS c
    ORDER BY c.unit_id, c.date;
END;
$$;
