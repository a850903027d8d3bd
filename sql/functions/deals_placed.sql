-- Of many deal ids those that are there: whose, and where they were opened.
--
-- SECURITY DEFINER: an id that is another's must be refused, not taken for a new one. Whose it is,
-- deals_place() tells nobody.
CREATE OR REPLACE FUNCTION deals_placed(ids uuid[])
RETURNS TABLE (id uuid, person_id bigint, office_id bigint, unit_id bigint, state text)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = tiejun, pg_temp
ROWS 100
AS $$
    SELECT d.id, d.person_id, d.office_id, d.unit_id, d.state
    FROM unnest(deals_placed.ids) AS asked (id)
    -- By the key, one by one: LIMIT keeps it from reading the whole table for one batch.
    CROSS JOIN LATERAL (
        SELECT k.id, k.person_id, k.office_id, k.unit_id, k.state
        FROM deal AS k
        WHERE k.id = asked.id
        LIMIT 1
    ) AS d;
$$;
