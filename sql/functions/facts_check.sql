-- Ends the statement when facts were kept where they may not be: in another place than their
-- person's, or for somebody whom their actor does not lead (facts_check_rights). Facts are placed
-- before the memberships are held: when somebody has moved since, the daemon places them again. A
-- void goes with its fact, wherever the person is. Returns whether all are of their actors' own.
CREATE OR REPLACE FUNCTION facts_check(kept fact_kept[])
RETURNS boolean
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    own boolean;
    placed boolean;
    movers bigint[];
BEGIN
    -- OFFSET: by the key, one by one, not by reading all memberships for one batch.
    SELECT
        bool_and(p.actor_id = p.person_id),
        bool_and(
            p.is_void
            OR EXISTS (
                SELECT
                FROM membership AS m
                WHERE
                    m.person_id = p.person_id
                    AND m.office_id = p.office_id
                    AND m.unit_id = p.unit_id
                    AND p.local_date BETWEEN m.from_date AND m.to_date
                OFFSET 0
            )
        ),
        array_agg(p.person_id) FILTER (
            WHERE
                EXISTS (
                    SELECT
                    FROM membership AS m
                    WHERE m.person_id = p.person_id AND m.office_id <> p.office_id
                    OFFSET 0
                )
        )
    INTO own, placed, movers
    FROM (
        SELECT DISTINCT
            f.actor_id,
            f.person_id,
            f.office_id,
            f.unit_id,
            f.local_date,
            f.voids IS NOT NULL AS is_void
        FROM unnest(kept) AS f
    ) AS p;
    IF NOT placed THEN
        RAISE EXCEPTION USING
            ERRCODE = 'serialization_failure',
            MESSAGE = 'somebody moved while their facts were being judged';
    END IF;
    IF movers IS NOT NULL THEN
        PERFORM facts_check_twice(kept, movers);
    END IF;
    IF NOT own THEN
        PERFORM facts_check_rights(array_agg(f.person_id), array_agg(f.actor_id))
        FROM unnest(kept) AS f;
    END IF;
    RETURN own;
END;
$$;
