-- SessionService.ChangePassword: the new one takes the place of the old one, which was held
-- against checked. A wrong old one gives no row, and so does one that was changed meanwhile.
--
-- SECURITY DEFINER: no request may read or write passwords by itself.
CREATE OR REPLACE FUNCTION try_end_change(
    person_id bigint,
    good boolean,
    verifier text,
    code_hash bytea,
    token_hash bytea,
    device_name text,
    kinds text[],
    subjects text[],
    checked text
)
RETURNS TABLE (person text)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    IF NOT try_end_change.good THEN
        RETURN;
    END IF;
    UPDATE password AS w
    SET verifier = try_end_change.verifier, changed_at = now()
    WHERE w.person_id = try_end_change.person_id AND w.verifier = try_end_change.checked;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM try_return(try_end_change.kinds, try_end_change.subjects);
    RETURN QUERY
    SELECT p.handle FROM person AS p WHERE p.id = try_end_change.person_id;
END;
$$;
