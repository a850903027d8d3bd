-- The person with this handle or unique name; NULL stays NULL.
CREATE OR REPLACE FUNCTION person_find(reference text, field text DEFAULT 'person')
RETURNS bigint
LANGUAGE plpgsql
STABLE
AS $$
DECLARE
    ids bigint[];
    handles text;
BEGIN
    IF reference IS NULL THEN
        RETURN NULL;
    END IF;
    ids := ARRAY(SELECT person_match(reference));
    IF cardinality(ids) = 0 THEN
        PERFORM refuse('unknown_person', field, reference);
    ELSIF cardinality(ids) > 1 THEN
        SELECT string_agg(p.handle, ', ' ORDER BY p.handle) INTO handles
        FROM person AS p
        WHERE p.id = ANY (ids);
        PERFORM refuse('ambiguous_person', field, reference, handles);
    END IF;
    RETURN ids[1];
END;
$$;
