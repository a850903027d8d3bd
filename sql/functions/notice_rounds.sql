-- Tells people what their office's clock says it is time for: who is behind pace at noon (2.8),
-- which objectives are due. Every daemon calls it every minute; the row of notice_round decides
-- which one does it, and a daemon that was down at noon does it when it comes up, on the same day.
-- Some offices at once; returns how many, so that the daemon goes on while there are more.
--
-- SECURITY DEFINER: nobody acts. What it finds out it tells to the people whom it concerns alone.
CREATE OR REPLACE FUNCTION notice_rounds()
RETURNS integer
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    due record;
    made integer := 0;
BEGIN
    -- The others need not wait for the one that is at it.
    IF NOT pg_try_advisory_xact_lock(7457106) THEN
        RETURN 0;
    END IF;
    FOR due IN SELECT d.* FROM notice_rounds_due(10) AS d LOOP
        INSERT INTO notice_round (office_id, date, ends_at)
        VALUES (due.office_id, due.date, due.ends_at)
        ON CONFLICT DO NOTHING;
        CONTINUE WHEN NOT FOUND;
        PERFORM
            notice_pace(due.office_id, due.date),
            notice_objectives(due.office_id, due.date);
        made := made + 1;
    END LOOP;
    RETURN made;
END;
$$;
