-- The deal of an id, locked against other changes of its state; refuses one that is closed.
CREATE OR REPLACE FUNCTION deal_open_locked(reference text)
RETURNS deal
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    chosen deal := deal_find(reference);
BEGIN
    SELECT d.* INTO chosen
    FROM deal AS d
    WHERE d.office_id = chosen.office_id AND d.id = chosen.id
    FOR UPDATE;
    IF chosen.state <> 'open' THEN
        PERFORM refuse('deal_signed', 'deal', reference) WHERE chosen.state = 'signed';
        PERFORM refuse('deal_lost', 'deal', reference);
    END IF;
    RETURN chosen;
END;
$$;
