-- People who once belonged to a unit whose work the actor may see, and belong to none of them
-- today: what they did there is still a part of it (domain.md 1.1). Worked out when a policy first
-- asks, and kept until the transaction ends.
--
-- SECURITY DEFINER: for policies, where membership would ask its own again.
CREATE OR REPLACE FUNCTION past_people()
RETURNS bigint[]
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = tiejun, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
    kept text := current_setting('tiejun.past_people', true);
    units bigint[] := actor_units('led') || actor_units('board') || past_units();
    present bigint[] := actor_people('led') || actor_people('board');
BEGIN
    IF kept <> '' THEN
        RETURN kept::bigint[];
    END IF;
    kept := ARRAY(
        SELECT DISTINCT m.person_id
        FROM membership AS m
        WHERE m.unit_id = ANY (units) AND m.person_id <> ALL (present)
    );
    PERFORM set_config('tiejun.past_people', kept, true);
    RETURN kept::bigint[];
END;
$$;
