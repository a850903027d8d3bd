-- The people that a text may mean: the one with this handle, or else everyone with this name.
CREATE OR REPLACE FUNCTION person_match(reference text)
RETURNS SETOF bigint
LANGUAGE plpgsql
STABLE
AS $$
DECLARE
    word text := btrim(reference);
    by_handle bigint;
BEGIN
    SELECT p.id INTO by_handle FROM person AS p WHERE lower(p.handle) = lower(word);
    IF FOUND THEN
        RETURN NEXT by_handle;
        RETURN;
    END IF;
    RETURN QUERY SELECT p.id FROM person AS p WHERE p.name = word;
END;
$$;
