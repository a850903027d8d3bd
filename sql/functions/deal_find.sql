-- The deal of an id; refuses one that is not there. NULL stays NULL.
CREATE OR REPLACE FUNCTION deal_find(reference text, field text DEFAULT 'deal')
RETURNS deal
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    chosen deal;
BEGIN
    IF reference IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT d.* INTO chosen FROM deal AS d WHERE d.id = uuid_or_null(reference);
    IF NOT FOUND THEN
        PERFORM refuse('unknown_deal', field, reference);
    END IF;
    RETURN chosen;
END;
$$;
