-- The units that a text may mean: the one with this path from below the company ("/West/Team 1",
-- the first "/" may be left out), or else every unit with this name.
CREATE OR REPLACE FUNCTION unit_match(reference text)
RETURNS SETOF bigint
LANGUAGE sql
STABLE
AS $$
    WITH
        by_path AS (
            SELECT u.id
            FROM unit AS u
            WHERE
                u.path = '/' || btrim(btrim(reference), '/')
                AND btrim(reference) <> ''
        )
    SELECT id FROM by_path
    UNION ALL
    SELECT u.id
    FROM unit AS u
    WHERE u.name = btrim(reference) AND NOT EXISTS (SELECT FROM by_path);
$$;
