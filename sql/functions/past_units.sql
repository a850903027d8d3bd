-- Units that were once below one that the actor leads, and are not today: what they did then is
-- still a part of it (domain.md 1.1). Worked out when a policy first asks, and kept until the
-- transaction ends.
CREATE OR REPLACE FUNCTION past_units()
RETURNS bigint[]
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    kept text := current_setting('tiejun.past_units', true);
    units bigint[] := actor_units('led');
BEGIN
    IF kept <> '' THEN
        RETURN kept::bigint[];
    END IF;
    kept := ARRAY(
        SELECT DISTINCT r.unit_id
        FROM reach AS r
        WHERE r.ancestor_id = ANY (units) AND r.unit_id <> ALL (units)
    );
    PERFORM set_config('tiejun.past_units', kept, true);
    RETURN kept::bigint[];
END;
$$;
