-- The daily standards in force for a unit on a day (2.1), each with the unit that sets it: the
-- nearest one above that has any for the metric, its latest from_date. A day before the unit
-- existed counts as its first.
CREATE OR REPLACE FUNCTION standard_of(unit_id bigint, day date)
RETURNS TABLE (metric text, target bigint, from_date date, unit_id bigint)
LANGUAGE sql
STABLE
AS $$
    SELECT DISTINCT ON (s.metric) s.metric, s.target, s.from_date, s.unit_id
    FROM unit AS u
    JOIN reach AS r
        ON
            r.unit_id = u.id
            AND greatest(standard_of.day, u.exists_from) BETWEEN r.from_date AND r.to_date
    JOIN standard AS s ON s.unit_id = r.ancestor_id AND s.from_date <= standard_of.day
    WHERE u.id = standard_of.unit_id
    ORDER BY s.metric, r.depth, s.from_date DESC;
$$;
