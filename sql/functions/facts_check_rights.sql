-- Each fact must be of its own actor, or of somebody whom that one leads (domain.md 1): what the
-- policy of the table says of a request by one actor. people are whose facts they are. The daemon
-- has asked before; a fault of its own must not write for others.
CREATE OR REPLACE FUNCTION facts_check_rights(people bigint[], actors bigint[])
RETURNS void
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
BEGIN
    -- What nearly all are.
    IF people = actors THEN
        RETURN;
    END IF;
    PERFORM
    FROM (
        SELECT p.person_id, p.actor_id
        FROM unnest(people, actors) AS p (person_id, actor_id)
        EXCEPT
        SELECT r.person_id, r.actor_id FROM people_reached(people, actors) AS r
    ) AS beyond;
    IF FOUND THEN
        RAISE EXCEPTION USING
            ERRCODE = 'insufficient_privilege',
            MESSAGE = 'a fact is of somebody for whom its actor may not write';
    END IF;
END;
$$;
