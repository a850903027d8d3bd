-- A one-time code for a person, in place of the one before; the code itself stays with whoever made
-- it. Returns until when it is good.
--
-- SECURITY DEFINER: no request may read or write invitations by itself; the right is judged here.
-- The owner's own commands need none.
CREATE OR REPLACE FUNCTION invite_make(person_id bigint, code_hash bytea)
RETURNS timestamptz
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    hours jsonb;
    until timestamptz;
BEGIN
    IF octet_length(invite_make.code_hash) IS DISTINCT FROM 32 THEN
        PERFORM refuse('bad_token_hash', 'code_hash');
    END IF;
    IF session_user <> current_user
        AND NOT coalesce(actor_has_all('managed'), false)
        AND NOT invite_make.person_id = ANY (actor_people('managed'))
    THEN
        PERFORM refuse('role_missing', '');
    END IF;
    PERFORM
    FROM invite AS i
    WHERE
        i.code_hash = invite_make.code_hash AND i.person_id <> invite_make.person_id;
    IF FOUND THEN
        PERFORM refuse('code_taken', 'code_hash');
    END IF;
    hours := setting_of(person_unit(invite_make.person_id), 'invite_hours', company_today());
    INSERT INTO invite AS i (person_id, code_hash, made_by, expires_at)
    VALUES (
        invite_make.person_id,
        invite_make.code_hash,
        actor(),
        now() + make_interval(hours => hours::integer)
    )
    ON CONFLICT (person_id) DO UPDATE
    SET
        code_hash = excluded.code_hash,
        made_by = excluded.made_by,
        expires_at = excluded.expires_at
    RETURNING i.expires_at INTO until;
    RETURN until;
END;
$$;
