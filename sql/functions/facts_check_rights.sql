-- Each fact must be of its own actor, or of somebody whom that one leads (domain.md 1): what the
-- policy of the table says of a request by one actor. The daemon has asked before; a fault of its
-- own must not write for others.
CREATE OR REPLACE FUNCTION facts_check_rights(fresh judged_fact_in[], actors bigint[])
RETURNS void
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
BEGIN
    PERFORM
    FROM unnest(fresh) AS f
    WHERE f.person_id IS DISTINCT FROM facts_check_rights.actors[f.position];
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM
    FROM (
        SELECT array_agg(f.person_id) AS people, array_agg(actors[f.position]) AS actors
        FROM unnest(fresh) AS f
    ) AS sent
    CROSS JOIN LATERAL (
        SELECT p.person_id, p.actor_id
        FROM unnest(sent.people, sent.actors) AS p (person_id, actor_id)
        EXCEPT
        SELECT r.person_id, r.actor_id FROM people_reached(sent.people, sent.actors) AS r
    ) AS beyond;
    IF FOUND THEN
        RAISE EXCEPTION USING
            ERRCODE = 'insufficient_privilege',
            MESSAGE = 'a fact is of somebody for whom its actor may not write';
    END IF;
END;
$$;
