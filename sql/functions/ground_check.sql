-- Ends the statement when what facts are placed and judged by has changed since that snapshot, so
-- that the daemon reads it again.
CREATE OR REPLACE FUNCTION ground_check(snapshot pg_snapshot)
RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
BEGIN
    PERFORM
    FROM ground_change AS g
    WHERE
        g.xid >= pg_snapshot_xmin(ground_check.snapshot)
        AND NOT pg_visible_in_snapshot(g.xid, ground_check.snapshot);
    IF FOUND THEN
        RAISE EXCEPTION USING
            ERRCODE = 'serialization_failure',
            MESSAGE = 'what facts are judged by has changed';
    END IF;
END;
$$;
