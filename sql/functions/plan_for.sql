-- For functions over arrays, which set plan_cache_mode so that this lasts no longer than they do: a
-- large batch is planned for its own size, since a plan for ten rows would join a thousand by
-- nested loops; a small one takes the plan that is at hand, since with the tables' policies
-- planning takes longer than running.
CREATE OR REPLACE FUNCTION plan_for(batch integer)
RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM set_config(
        'plan_cache_mode',
        CASE WHEN batch > 16 THEN 'force_custom_plan' ELSE 'force_generic_plan' END,
        true
    );
END;
$$;
