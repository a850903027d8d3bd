-- The objective with this number, as far as the actor may see it.
CREATE OR REPLACE FUNCTION objective_find(id bigint)
RETURNS objective
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    about objective;
BEGIN
    PERFORM require('id', objective_find.id IS NOT NULL);
    SELECT o.* INTO about FROM objective AS o WHERE o.id = objective_find.id;
    IF about.id IS NULL THEN
        PERFORM refuse('unknown_objective', 'id', objective_find.id::text);
    END IF;
    RETURN about;
END;
$$;
