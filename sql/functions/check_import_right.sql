-- Refuses a row of an import to whoever directs or administers only another part of the tree: the
-- row names a path that may not exist yet, so it is the lowest unit there of it that counts.
CREATE OR REPLACE FUNCTION check_import_right(path text)
RETURNS void
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    wanted text := '/' || btrim(btrim(check_import_right.path), '/');
    lowest bigint;
BEGIN
    SELECT u.id INTO lowest
    FROM unit AS u
    JOIN reach AS r ON r.unit_id = u.id AND r.depth = 0
    WHERE u.path = '/' OR u.path = wanted OR starts_with(wanted, u.path || '/')
    ORDER BY length(u.path) DESC
    LIMIT 1;
    IF NOT holds_role('{director,admin}', lowest) THEN
        PERFORM refuse('forbidden', 'unit', check_import_right.path);
    END IF;
END;
$$;
