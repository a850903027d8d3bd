-- ObjectiveService.List: the objectives.
CREATE OR REPLACE FUNCTION objective_list(unit text, owner text, closed_too boolean)
RETURNS SETOF objective_shown
LANGUAGE sql
STABLE
AS $$
    SELECT s.* FROM objectives_shown(objectives_listed($1, $2, $3)) AS s;
$$;
