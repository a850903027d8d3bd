-- A good try does not count.
--
-- SECURITY DEFINER: as try_reserve().
CREATE OR REPLACE FUNCTION try_return(kinds text[], subjects text[])
RETURNS void
LANGUAGE sql
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
    UPDATE login_throttle AS t
    SET tries = greatest(t.tries - 1, 0)
    FROM unnest(try_return.kinds, try_return.subjects) AS n (kind, subject)
    WHERE t.kind = n.kind AND t.subject = n.subject;
$$;
