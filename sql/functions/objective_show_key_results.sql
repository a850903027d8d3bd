-- ObjectiveService.Show: its key results.
CREATE OR REPLACE FUNCTION objective_show_key_results(id bigint)
RETURNS SETOF key_result_shown
LANGUAGE sql
STABLE
AS $$
    SELECT k.* FROM key_results_shown(ARRAY[objective_show_key_results.id]) AS k;
$$;
