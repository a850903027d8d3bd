-- In front of the daemon's own, in the build without checks: who asks for itself may write for
-- everybody, so that the policies alone are left. What is asked for others' sake (the intake, which
-- has no policy to stand on) is judged as ever, by the daemon's own under another name.
DO $$
BEGIN
    EXECUTE replace(
        pg_get_functiondef('people_reached'::regproc), 'people_reached', 'people_reached_checked'
    );
END;
$$;

CREATE OR REPLACE FUNCTION people_reached(people bigint[], actors bigint[] DEFAULT NULL)
RETURNS TABLE (person_id bigint, actor_id bigint)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = tiejun, pg_temp
ROWS 1000
AS $$
#variable_conflict use_column
BEGIN
    IF cardinality(array_remove(people_reached.actors, actor())) = 0
        OR people_reached.actors IS NULL
    THEN
        RETURN QUERY
        SELECT DISTINCT p.id, actor() FROM unnest(people_reached.people) AS p (id);
        RETURN;
    END IF;
    RETURN QUERY
    SELECT r.*
    FROM people_reached_checked(people_reached.people, people_reached.actors) AS r;
END;
$$;
