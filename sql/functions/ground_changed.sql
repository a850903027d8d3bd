-- Trigger: the transaction changes what facts are placed and judged by. Of changes that have
-- committed the last one is enough: whoever read before one of them has not seen this one either.
--
-- SECURITY DEFINER: whoever may make the change has no other business with that table. It tells
-- nothing.
CREATE OR REPLACE FUNCTION ground_changed()
RETURNS trigger
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
BEGIN
    INSERT INTO ground_change (xid) VALUES (pg_current_xact_id()) ON CONFLICT DO NOTHING;
    IF FOUND THEN
        -- What another is throwing away at this moment is not waited for.
        DELETE FROM ground_change
        WHERE xid IN (
            SELECT g.xid
            FROM ground_change AS g
            WHERE g.xid <> pg_current_xact_id()
            FOR UPDATE SKIP LOCKED
        );
    END IF;
    RETURN NULL;
END;
$$;
