-- The unit with this path or unique name; NULL stays NULL.
CREATE OR REPLACE FUNCTION unit_find(reference text, field text DEFAULT 'unit')
RETURNS bigint
LANGUAGE plpgsql
STABLE
AS $$
DECLARE
    ids bigint[];
    paths text;
BEGIN
    IF reference IS NULL THEN
        RETURN NULL;
    END IF;
    ids := ARRAY(SELECT unit_match(reference));
    IF cardinality(ids) = 0 THEN
        PERFORM refuse('unknown_unit', field, reference);
    ELSIF cardinality(ids) > 1 THEN
        SELECT string_agg(u.path, ', ' ORDER BY u.path) INTO paths
        FROM unit AS u
        WHERE u.id = ANY (ids);
        PERFORM refuse('ambiguous_unit', field, reference, paths);
    END IF;
    RETURN ids[1];
END;
$$;
