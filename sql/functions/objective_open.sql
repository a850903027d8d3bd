-- The objective with this number, locked, for whoever leads its unit; only an open one is changed.
CREATE OR REPLACE FUNCTION objective_open(id bigint)
RETURNS objective
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    about objective := objective_find(objective_open.id);
BEGIN
    SELECT o.* INTO about FROM objective AS o WHERE o.id = about.id FOR UPDATE;
    -- A policy lets the owner see it all the same.
    IF NOT FOUND THEN
        PERFORM refuse('objective_of_others', 'id', objective_open.id::text);
    ELSIF about.state <> 'open' THEN
        PERFORM refuse('objective_closed', 'id', about.id::text, about.closed_on::text);
    END IF;
    RETURN about;
END;
$$;
