-- The people who belong today, or belonged last, to actor_units() of that kind ('led', 'managed' or
-- 'board'). Worked out when a policy first asks, and kept until the transaction ends.
--
-- SECURITY DEFINER: the policy of membership asks it.
CREATE OR REPLACE FUNCTION actor_people(right_name text)
RETURNS bigint[]
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = tiejun, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
    kept text := current_setting('tiejun.people_' || actor_people.right_name, true);
    units bigint[] := actor_units(actor_people.right_name);
BEGIN
    IF kept <> '' THEN
        RETURN kept::bigint[];
    END IF;
    kept := ARRAY(
        SELECT home.person_id
        FROM (
            SELECT DISTINCT ON (m.person_id) m.person_id, m.unit_id
            FROM membership AS m
            WHERE m.person_id IN (
                SELECT b.person_id FROM membership AS b WHERE b.unit_id = ANY (units)
            )
            ORDER BY
                m.person_id,
                -- A zone's day is within one of ours: only then is it worth asking for.
                CASE
                    WHEN m.from_date < current_date THEN true
                    WHEN m.from_date > current_date + 1 THEN false
                    ELSE m.from_date <= unit_today(m.unit_id)
                END DESC,
                m.from_date DESC
        ) AS home
        WHERE home.unit_id = ANY (units)
    );
    PERFORM set_config('tiejun.people_' || actor_people.right_name, kept, true);
    RETURN kept::bigint[];
END;
$$;
