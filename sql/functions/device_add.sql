-- DeviceService.Add: a device for the actor, or for another where authorize() lets it.
CREATE OR REPLACE FUNCTION device_add(INOUT person text, token_hash bytea, name text)
RETURNS SETOF text
LANGUAGE plpgsql
AS $$
DECLARE
    owner bigint := coalesce(person_find(person), actor());
BEGIN
    PERFORM check_may_let_in(owner);
    PERFORM device_make(token_hash, owner, coalesce(name, 'device'));
    RETURN QUERY SELECT p.handle FROM person AS p WHERE p.id = owner;
END;
$$;
