-- The last day, not after one, of which the totals of the offices at or below a unit, then or now,
-- hold anything: found by the key, an office at a time. NULL: of none, or of a team.
CREATE OR REPLACE FUNCTION newest_work(unit_id bigint, until date)
RETURNS date
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        SELECT max(newest.date)
        FROM (
            SELECT DISTINCT r.unit_id AS office_id
            FROM reach AS r
            WHERE r.ancestor_id = newest_work.unit_id
        ) AS below
        CROSS JOIN LATERAL (
            SELECT t.date
            FROM total AS t
            WHERE
                t.office_id = below.office_id
                AND t.scope = 'o'
                AND t.scope_id = below.office_id
                AND t.grain = 'd'
                AND t.date <= newest_work.until
            ORDER BY t.date DESC
            LIMIT 1
        ) AS newest
    );
END;
$$;
