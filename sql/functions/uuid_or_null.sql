-- A UUID in its usual form; NULL for anything else, so that one bad id refuses its own row alone.
CREATE OR REPLACE FUNCTION uuid_or_null(value text)
RETURNS uuid
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
    SELECT
        CASE
            WHEN value ~ '^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$'
            THEN value::uuid
        END;
$$;
