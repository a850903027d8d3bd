-- In place of the daemon's own, in the build without checks: every row of an import may be.
CREATE OR REPLACE FUNCTION check_import_right(path text)
RETURNS void
LANGUAGE sql
AS $$
    SELECT;
$$;
