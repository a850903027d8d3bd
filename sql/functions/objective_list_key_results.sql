-- ObjectiveService.List: the key results of all of them.
CREATE OR REPLACE FUNCTION objective_list_key_results(unit text, owner text, closed_too boolean)
RETURNS SETOF key_result_shown
LANGUAGE sql
STABLE
AS $$
    SELECT k.* FROM key_results_shown(objectives_listed($1, $2, $3)) AS k;
$$;
