-- PersonService.Invite: a one-time code with which a person sets a password and enrols a device.
CREATE OR REPLACE FUNCTION person_invite(
    INOUT person text,
    code_hash bytea,
    OUT name text,
    OUT expires_at timestamptz
)
RETURNS SETOF record
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    who bigint := person_find(person_invite.person);
BEGIN
    PERFORM
        require('person', who IS NOT NULL),
        require('code_hash', person_invite.code_hash IS NOT NULL);
    PERFORM check_may_let_in(who);
    RETURN QUERY
    SELECT p.handle, p.name, invite_make(who, person_invite.code_hash)
    FROM person AS p
    WHERE p.id = who;
END;
$$;
