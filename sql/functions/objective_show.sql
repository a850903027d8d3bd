-- ObjectiveService.Show: the objective itself.
CREATE OR REPLACE FUNCTION objective_show(id bigint)
RETURNS TABLE (
    id bigint,
    title text,
    unit text,
    owner text,
    owner_name text,
    from_date text,
    due_date text,
    state text,
    closed_on text,
    elapsed_milli bigint,
    last_check_in text
)
LANGUAGE sql
STABLE
AS $$
    SELECT s.* FROM objectives_shown(ARRAY[(objective_find(objective_show.id)).id]) AS s;
$$;
