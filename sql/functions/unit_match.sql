-- The units that a text may mean: the one with this path from below the company ("/West/Team 1",
-- the first "/" may be left out), or else every unit with this name.
--
-- SECURITY DEFINER: as unit_time_zone().
CREATE OR REPLACE FUNCTION unit_match(reference text)
RETURNS SETOF bigint
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
DECLARE
    word text := btrim(reference);
    by_path bigint;
BEGIN
    IF word <> '' THEN
        SELECT u.id INTO by_path FROM unit AS u WHERE u.path = '/' || btrim(word, '/');
        IF FOUND THEN
            RETURN NEXT by_path;
            RETURN;
        END IF;
    END IF;
    RETURN QUERY SELECT u.id FROM unit AS u WHERE u.name = word;
END;
$$;
