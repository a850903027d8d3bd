-- ObjectiveService.List: the key results of all of them.
CREATE OR REPLACE FUNCTION objective_list_key_results(unit text, owner text, closed_too boolean)
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
    SELECT k.* FROM key_results_shown(objectives_listed($1, $2, $3)) AS k;
$$;
