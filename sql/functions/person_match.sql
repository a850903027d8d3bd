-- The people that a text may mean: the one with this handle, or else everyone with this name.
CREATE OR REPLACE FUNCTION person_match(reference text)
RETURNS SETOF bigint
LANGUAGE sql
STABLE
AS $$
    WITH
        by_handle AS (
            SELECT p.id
            FROM person AS p
            WHERE lower(p.handle) = lower(btrim(reference))
        )
    SELECT id FROM by_handle
    UNION ALL
    SELECT p.id
    FROM person AS p
    WHERE p.name = btrim(reference) AND NOT EXISTS (SELECT FROM by_handle);
$$;
