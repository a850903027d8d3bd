-- Every day on which strength differs from what memberships, roles and the tree make of it: none is
-- legal. For `tiejund check`.
CREATE OR REPLACE FUNCTION strength_check()
RETURNS TABLE (unit_id bigint, date date, change bigint, expected_change bigint)
LANGUAGE sql
STABLE
SET jit = off
AS $$
    SELECT
        both_ways.unit_id,
        both_ways.date,
        sum(both_ways.kept)::bigint,
        sum(both_ways.expected)::bigint
    FROM (
        SELECT s.unit_id, s.date, s.change AS kept, 0 AS expected FROM strength AS s
        UNION ALL
        SELECT c.unit_id, c.date, 0, c.change
        FROM strength_changes(ARRAY(SELECT t FROM rep_times(NULL) AS t)) AS c
    ) AS both_ways
    GROUP BY both_ways.unit_id, both_ways.date
    HAVING sum(both_ways.kept) <> sum(both_ways.expected)
    ORDER BY both_ways.unit_id, both_ways.date;
$$;
