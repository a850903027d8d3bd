-- One change of the tree, or of people's places and roles in it, at a time: what the change has
-- checked stays true until it commits, and strength follows from all of them. Taken before anything
-- else is locked.
--
-- SECURITY DEFINER: to lock the company's row takes the right to change it. It tells nothing.
CREATE OR REPLACE FUNCTION org_lock()
RETURNS void
LANGUAGE sql
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
    SELECT FROM unit WHERE kind = 'company' FOR NO KEY UPDATE;
$$;
