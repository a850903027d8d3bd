-- The keys of the deals whose ids end in these 8 hex digits; which of them exist for the actor, the
-- table's policy says.
--
-- SECURITY DEFINER: right() might tell what it was given, so that under a policy PostgreSQL would
-- read all deals rather than the index. A key is all that it tells.
CREATE OR REPLACE FUNCTION deal_keys(short_id text)
RETURNS TABLE (office_id bigint, id uuid)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
    SELECT d.office_id, d.id FROM deal AS d WHERE right(d.id::text, 8) = deal_keys.short_id;
$$;
