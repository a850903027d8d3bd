-- Whether the actor's right of that kind ('led', 'headed', 'planned', 'managed', 'directed') covers
-- the whole company: see actor_enter().
CREATE OR REPLACE FUNCTION actor_has_all(right_name text)
RETURNS boolean
LANGUAGE sql
STABLE
AS $$
    SELECT current_setting('tiejun.' || right_name, true) = 'all';
$$;
