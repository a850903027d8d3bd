-- Facts were placed before the memberships were held: ends the statement when somebody has moved
-- since, so that the daemon places them again. A void goes with its fact, wherever the person is.
CREATE OR REPLACE FUNCTION facts_check_places(kept fact_kept[])
RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
BEGIN
    PERFORM
    FROM (
        SELECT DISTINCT f.person_id, f.office_id, f.unit_id, f.local_date AS day
        FROM unnest(kept) AS f
        WHERE f.kind <> 'void'
    ) AS placed
    WHERE
        NOT EXISTS (
            SELECT
            FROM membership AS m
            WHERE
                m.person_id = placed.person_id
                AND m.office_id = placed.office_id
                AND m.unit_id = placed.unit_id
                AND placed.day BETWEEN m.from_date AND m.to_date
            -- By the key, one by one, not by reading all memberships for one batch.
            OFFSET 0
        );
    IF FOUND THEN
        RAISE EXCEPTION USING
            ERRCODE = 'serialization_failure',
            MESSAGE = 'somebody moved while their facts were being judged';
    END IF;
END;
$$;
