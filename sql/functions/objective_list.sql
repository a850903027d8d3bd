-- ObjectiveService.List: the objectives.
CREATE OR REPLACE FUNCTION objective_list(unit text, owner text, closed_too boolean)
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
    SELECT s.* FROM objectives_shown(objectives_listed($1, $2, $3)) AS s;
$$;
