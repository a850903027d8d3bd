-- One goal's new version, or none when target, lock and split are what they were. The stretch and
-- method of the last split and the lock stay when NULL is given for them. A goal that is new is
-- version 1. Locks the goal's row: writers of one goal queue here.
CREATE OR REPLACE FUNCTION goal_write(
    unit_id bigint,
    person_id bigint,
    metric text,
    from_date date,
    to_date date,
    currency text,
    target bigint,
    locked boolean,
    stretch_milli integer,
    method text,
    reason text,
    expected_version integer
)
RETURNS bigint
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    aim goal%ROWTYPE;
    last goal_version%ROWTYPE;
BEGIN
    INSERT INTO goal (unit_id, person_id, metric, from_date, to_date, currency)
    VALUES (
        goal_write.unit_id,
        goal_write.person_id,
        goal_write.metric,
        goal_write.from_date,
        goal_write.to_date,
        goal_write.currency
    )
    ON CONFLICT ON CONSTRAINT goal_key DO NOTHING;
    SELECT g.* INTO aim
    FROM goal AS g
    WHERE
        g.unit_id IS NOT DISTINCT FROM goal_write.unit_id
        AND g.person_id IS NOT DISTINCT FROM goal_write.person_id
        AND g.metric = goal_write.metric
        AND g.from_date = goal_write.from_date
        AND g.to_date = goal_write.to_date
        AND g.currency IS NOT DISTINCT FROM goal_write.currency
    FOR NO KEY UPDATE;
    SELECT v.* INTO last
    FROM goal_version AS v
    WHERE v.goal_id = aim.id AND v.version = aim.version;
    IF NOT FOUND AND goal_write.expected_version > 0 THEN
        PERFORM refuse(
            'goal_not_set', 'expected_version', goal_write.expected_version::text
        );
    END IF;
    PERFORM check_goal_version(aim.id, goal_write.expected_version);

    IF aim.version > 0
        AND last.target = goal_write.target
        AND last.locked = coalesce(goal_write.locked, last.locked)
        AND last.stretch_milli
        IS NOT DISTINCT FROM coalesce(goal_write.stretch_milli, last.stretch_milli)
        AND last.method IS NOT DISTINCT FROM coalesce(goal_write.method, last.method)
    THEN
        RETURN aim.id;
    END IF;
    INSERT INTO goal_version (
        goal_id, version, target, locked, stretch_milli, method, reason, actor_id, made_at
    )
    VALUES (
        aim.id,
        aim.version + 1,
        goal_write.target,
        coalesce(goal_write.locked, last.locked, false),
        coalesce(goal_write.stretch_milli, last.stretch_milli),
        coalesce(goal_write.method, last.method),
        goal_write.reason,
        actor(),
        now()
    );
    UPDATE goal SET version = version + 1 WHERE id = aim.id;
    RETURN aim.id;
END;
$$;
