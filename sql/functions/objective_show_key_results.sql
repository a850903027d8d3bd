-- ObjectiveService.Show: its key results.
CREATE OR REPLACE FUNCTION objective_show_key_results(id bigint)
RETURNS TABLE (
    objective bigint,
    place integer,
    title text,
    source text,
    from_milli bigint,
    to_milli bigint,
    measure text,
    competitor text,
    value_milli bigint
)
LANGUAGE sql
STABLE
AS $$
    SELECT k.* FROM key_results_shown(ARRAY[objective_show_key_results.id]) AS k;
$$;
