-- Begins a request's transaction: who acts, from where and by which method, and which units the
-- actor's roles of today reach. The policies read it from settings that end with the transaction,
-- so that it is worked out once and not for every row. For each kind of right the setting holds
-- 'all', for a role on the company itself, or the ids of the units at and below those on which it
-- is held.
--
-- SECURITY DEFINER: the policies of the tables that it reads stand on what it says. It tells
-- nothing.
CREATE OR REPLACE FUNCTION actor_enter(
    person_id bigint,
    address text,
    device text,
    method text
)
RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = tiejun, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
    board bigint;
BEGIN
    PERFORM
        set_config('tiejun.actor', actor_enter.person_id::text, true),
        set_config('tiejun.address', coalesce(actor_enter.address, ''), true),
        set_config('tiejun.device', coalesce(actor_enter.device, ''), true),
        set_config('tiejun.method', coalesce(actor_enter.method, ''), true),
        set_config('tiejun.led', '{}', true),
        set_config('tiejun.headed', '{}', true),
        set_config('tiejun.planned', '{}', true),
        set_config('tiejun.managed', '{}', true),
        set_config('tiejun.directed', '{}', true);

    -- A team's board is for its members; a unit with others below it has none.
    board := person_unit(actor_enter.person_id);
    PERFORM FROM reach AS r WHERE r.ancestor_id = board AND r.depth > 0 LIMIT 1;
    IF FOUND THEN
        board := NULL;
    END IF;
    PERFORM set_config('tiejun.board', format('{%s}', board), true);

    PERFORM
    FROM role_grant AS g
    WHERE g.person_id = actor_enter.person_id AND g.to_date >= current_date - 1
    LIMIT 1;
    IF FOUND THEN
        PERFORM set_config('tiejun.' || h.right_name, h.units, true)
        FROM actor_rights(actor_enter.person_id) AS h;
    END IF;
END;
$$;
