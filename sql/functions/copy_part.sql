-- Which of the 64 parts of a copy a row is in, by the row's key: copy_compare().
CREATE OR REPLACE FUNCTION copy_part(key text)
RETURNS integer
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
    SELECT (hashtextextended(copy_part.key, 1) & 63)::integer;
$$;
