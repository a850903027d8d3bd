-- SessionService.Enrol: the code is used up, the password set, and the device may act for its
-- person. No row for a code that has gone meanwhile.
--
-- SECURITY DEFINER: nobody acts yet; whoever has the code is the person.
CREATE OR REPLACE FUNCTION try_end_enrol(
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
    DELETE FROM invite AS i
    WHERE
        i.person_id = try_end_enrol.person_id
        AND i.code_hash = try_end_enrol.code_hash
        AND i.expires_at > now()
        AND try_end_enrol.good;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    -- From here on it is the person who acts.
    PERFORM set_config('tiejun.actor', try_end_enrol.person_id::text, true);
    PERFORM try_return(try_end_enrol.kinds, try_end_enrol.subjects);
    INSERT INTO password AS w (person_id, verifier, changed_at)
    VALUES (try_end_enrol.person_id, try_end_enrol.verifier, now())
    ON CONFLICT (person_id) DO UPDATE
    SET verifier = excluded.verifier, changed_at = excluded.changed_at;
    PERFORM device_make(
        try_end_enrol.token_hash,
        try_end_enrol.person_id,
        coalesce(try_end_enrol.device_name, 'device')
    );
    PERFORM place_known(try_end_enrol.person_id);
    RETURN QUERY
    SELECT p.handle, p.name FROM person AS p WHERE p.id = try_end_enrol.person_id;
END;
$$;
