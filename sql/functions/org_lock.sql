-- One change of the tree at a time: what the change has checked stays true until it commits.
CREATE OR REPLACE FUNCTION org_lock()
RETURNS void
LANGUAGE sql
AS $$
    SELECT FROM unit WHERE kind = 'company' FOR NO KEY UPDATE;
$$;
