-- What tries are counted under: a hash, so that whoever types the password in the place of the name
-- leaves no trace of it.
CREATE OR REPLACE FUNCTION try_subject(what text)
RETURNS text
LANGUAGE sql
IMMUTABLE
AS $$
    SELECT encode(sha256(convert_to(what, 'UTF8')), 'hex');
$$;
