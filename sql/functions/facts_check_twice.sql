-- A fact that was placed in one office when it came first, and in another when it came again before
-- it was kept (its person moves that day, and the device's clock was corrected otherwise), has
-- another key there: ends the statement, so that the daemon finds the fact where it is. Only people
-- who ever were in several offices have such facts; they go one transaction after another.
CREATE OR REPLACE FUNCTION facts_check_twice(kept fact_kept[])
RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    movers bigint[];
BEGIN
    movers := ARRAY(
        SELECT p.person_id
        FROM (SELECT DISTINCT f.person_id, f.office_id FROM unnest(kept) AS f) AS p
        WHERE
            EXISTS (
                SELECT
                FROM membership AS m
                WHERE m.person_id = p.person_id AND m.office_id <> p.office_id
                -- By the key, one by one, not by reading all memberships for one batch.
                OFFSET 0
            )
        -- In the order in which all batches lock.
        ORDER BY hashint8(p.person_id)
    );
    IF movers = '{}' THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(7457106, hashint8(m.person_id))
    FROM unnest(movers) AS m (person_id);
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
