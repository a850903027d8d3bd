-- The deals that a text may mean: the one with this id, or else all whose ids end in these 8 hex
-- digits, as tables show them.
CREATE OR REPLACE FUNCTION deal_match(reference text)
RETURNS SETOF deal
LANGUAGE plpgsql
STABLE
AS $$
BEGIN
    IF reference ~ '^[0-9a-fA-F]{8}$' THEN
        RETURN QUERY
        SELECT d.*
        FROM deal_keys(lower(reference)) AS k
        JOIN deal AS d ON d.id = k.id AND d.office_id = k.office_id;
    ELSE
        RETURN QUERY SELECT d.* FROM deal AS d WHERE d.id = uuid_or_null(reference);
    END IF;
END;
$$;
