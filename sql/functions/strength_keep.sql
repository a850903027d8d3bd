-- Brings rep_time and strength up to the memberships and roles of some people.
--
-- SECURITY DEFINER: both follow from what the caller has changed, and nobody writes them by hand.
-- It tells nothing.
CREATE OR REPLACE FUNCTION strength_keep(people bigint[])
RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    before rep_time[];
    since rep_time[];
BEGIN
    -- Long since, where a request changes them.
    PERFORM org_lock();
    WITH gone AS (DELETE FROM rep_time AS t WHERE t.person_id = ANY (people) RETURNING t)
    SELECT array_agg(gone.t) INTO before FROM gone;
    WITH
        made AS (INSERT INTO rep_time AS t SELECT n.* FROM rep_times(people) AS n RETURNING t)
    SELECT array_agg(made.t) INTO since FROM made;
    INSERT INTO strength (unit_id, date, change)
    SELECT c.unit_id, c.date, sum(c.change)
    FROM (
        SELECT s.unit_id, s.date, s.change FROM strength_changes(since) AS s
        UNION ALL
        SELECT b.unit_id, b.date, -b.change FROM strength_changes(before) AS b
    ) AS c
    GROUP BY c.unit_id, c.date
    HAVING sum(c.change) <> 0;
END;
$$;
