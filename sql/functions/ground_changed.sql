-- Trigger: the transaction changes what facts are placed and judged by.
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
    RETURN NULL;
END;
$$;
