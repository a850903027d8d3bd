-- ObjectiveService.Show: the objective itself.
CREATE OR REPLACE FUNCTION objective_show(id bigint)
RETURNS SETOF objective_shown
LANGUAGE sql
STABLE
AS $$
    SELECT s.* FROM objectives_shown(ARRAY[(objective_find(objective_show.id)).id]) AS s;
$$;
