-- The deal of an id, whole or short (deal_match); refuses one that is not there, and a short one
-- that several have. NULL stays NULL.
CREATE OR REPLACE FUNCTION deal_find(reference text, field text DEFAULT 'deal')
RETURNS deal
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    matches deal[];
BEGIN
    IF reference IS NULL THEN
        RETURN NULL;
    END IF;
    matches := ARRAY(SELECT d FROM deal_match(reference) AS d);
    IF cardinality(matches) = 0 THEN
        PERFORM refuse('unknown_deal', field, reference);
    ELSIF cardinality(matches) > 1 THEN
        PERFORM refuse('ambiguous_deal', field, reference);
    END IF;
    RETURN matches[1];
END;
$$;
