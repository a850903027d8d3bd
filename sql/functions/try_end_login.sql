-- SessionService.Login, when the password has been checked: the device may act for its person.
-- verifier is not NULL when the password is to be kept with other costs than before; checked is
-- what it was held against. A wrong password gives no row.
--
-- SECURITY DEFINER: nobody acts yet; the daemon has checked who it is.
CREATE OR REPLACE FUNCTION try_end_login(
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
RETURNS TABLE (person text, name text)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    IF NOT try_end_login.good THEN
        RETURN;
    END IF;
    -- Checking takes a while. A password that was changed meanwhile lets nobody in any more.
    PERFORM
    FROM password AS w
    WHERE w.person_id = try_end_login.person_id AND w.verifier = try_end_login.checked
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    -- From here on it is the person who acts.
    PERFORM set_config('tiejun.actor', try_end_login.person_id::text, true);
    PERFORM try_return(try_end_login.kinds, try_end_login.subjects);
    PERFORM device_make(
        try_end_login.token_hash,
        try_end_login.person_id,
        coalesce(try_end_login.device_name, 'device')
    );
    PERFORM place_known(try_end_login.person_id);
    UPDATE password AS w
    SET verifier = try_end_login.verifier
    WHERE w.person_id = try_end_login.person_id AND try_end_login.verifier IS NOT NULL;
    RETURN QUERY
    SELECT p.handle, p.name FROM person AS p WHERE p.id = try_end_login.person_id;
END;
$$;
