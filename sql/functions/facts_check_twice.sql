-- A fact that was placed in one office when it came first, and in another when it came again before
-- it was kept (its person moves that day, and the device's clock was corrected otherwise), has
-- another key there: ends the statement, so that the daemon finds the fact where it is. Only people
-- who ever were in several offices, the movers, have such facts; they go one transaction after
-- another.
CREATE OR REPLACE FUNCTION facts_check_twice(kept fact_kept[], movers bigint[])
RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
BEGIN
    -- In the order in which all batches lock.
    PERFORM pg_advisory_xact_lock(7457106, m.key)
    FROM (
        SELECT DISTINCT hashint8(m.person_id) AS key
        FROM unnest(movers) AS m (person_id)
        ORDER BY 1
    ) AS m;
    -- A statement of its own: it sees what those kept who went before.
    PERFORM
    FROM unnest(kept) AS f
    JOIN membership AS m ON m.person_id = f.person_id AND m.office_id <> f.office_id
    WHERE
        f.person_id = ANY (movers)
        AND EXISTS (
            SELECT
            FROM fact AS k
            WHERE k.office_id = m.office_id AND k.id = f.id
            OFFSET 0
        );
    IF FOUND THEN
        RAISE EXCEPTION USING
            ERRCODE = 'serialization_failure',
            MESSAGE = 'a fact was kept in another office while it was being judged';
    END IF;
END;
$$;
