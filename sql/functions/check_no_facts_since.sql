-- Refuses to change where people belong from a day on when one of them has a fact on that day or
-- later: the fact is kept by the office of its day (domain.md 1.1, 1.2).
--
-- SECURITY DEFINER: an administrator, who moves people, sees no facts. It tells the last day alone.
CREATE OR REPLACE FUNCTION check_no_facts_since(people bigint[], day date)
RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    last record;
BEGIN
    PERFORM membership_change();
    SELECT p.handle, max(f.local_date) AS day INTO last
    FROM fact AS f
    JOIN person AS p ON p.id = f.person_id
    WHERE
        (f.office_id, f.unit_id) IN (
            SELECT m.office_id, m.unit_id
            FROM membership AS m
            WHERE
                m.person_id = ANY (check_no_facts_since.people)
                AND m.to_date >= check_no_facts_since.day
        )
        AND f.person_id = ANY (check_no_facts_since.people)
        AND f.local_date >= check_no_facts_since.day
    GROUP BY p.handle
    ORDER BY 2 DESC, 1
    LIMIT 1;
    IF FOUND THEN
        PERFORM refuse('facts_since', 'from_date', last.handle, last.day::text);
    END IF;
END;
$$;
