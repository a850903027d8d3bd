-- The units that the actor's right of that kind reaches today, or 'board', the team to which the
-- actor belongs: see actor_enter(). None where it is the whole company, or where nobody acts.
CREATE OR REPLACE FUNCTION actor_units(right_name text)
RETURNS bigint[]
LANGUAGE sql
STABLE
AS $$
    SELECT
        coalesce(
            nullif(nullif(current_setting('tiejun.' || right_name, true), ''), 'all'), '{}'
        )::bigint[];
$$;
