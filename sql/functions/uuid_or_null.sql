-- A UUID in its usual form; NULL for anything else, so that one bad id refuses its own row alone.
-- Four hyphens in their places and no fifth: what one pattern for it all would say, at a third of
-- the cost.
CREATE OR REPLACE FUNCTION uuid_or_null(value text)
RETURNS uuid
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
    SELECT
        CASE
            WHEN value LIKE '________-____-____-____-____________'
                AND value NOT LIKE '%-%-%-%-%-%'
                AND value !~ '[^0-9a-fA-F-]'
            THEN value::uuid
        END;
$$;
