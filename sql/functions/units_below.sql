-- A unit and what is below it on a day, so many levels deep, with the unit right above each. It is
-- not planned together with what asks for it: without statistics the planner takes the reach of a
-- unit for one row, and joins a thousand units by nested loops.
CREATE OR REPLACE FUNCTION units_below(unit_id bigint, day date, levels integer)
RETURNS TABLE (below_id bigint, depth integer, parent_id bigint)
LANGUAGE plpgsql
STABLE
ROWS 1000
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT r.unit_id, r.depth, p.parent_id
    FROM reach AS r
    LEFT JOIN placement AS p
        ON p.unit_id = r.unit_id AND units_below.day BETWEEN p.from_date AND p.to_date
    WHERE
        r.ancestor_id = units_below.unit_id
        AND units_below.day BETWEEN r.from_date AND r.to_date
        AND r.depth <= units_below.levels;
END;
$$;
