-- Checks and writes a split under the parent's row lock; see goal_split_write().
CREATE OR REPLACE FUNCTION goal_split_apply(
    goal_id bigint,
    version integer,
    stretch_milli integer,
    method text,
    reason text,
    dry_run boolean,
    shares split_share_in []
)
RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    parent goal%ROWTYPE;
    share split_share_in;
    last record;
BEGIN
    SELECT g.* INTO parent
    FROM goal AS g
    WHERE g.id = goal_split_apply.goal_id
    FOR NO KEY UPDATE;
    PERFORM check_goal_version(parent.id, goal_split_apply.version);

    FOREACH share IN ARRAY goal_split_apply.shares LOOP
        -- Nobody splits over this child meanwhile, for that takes the parent's lock; but its own
        -- goal may have been set between reading and writing.
        SELECT v.target, v.locked INTO last
        FROM goal AS g
        JOIN goal_version AS v ON v.goal_id = g.id AND v.version = g.version
        WHERE
            g.unit_id IS NOT DISTINCT FROM share.unit_id
            AND g.person_id IS NOT DISTINCT FROM share.person_id
            AND g.metric = parent.metric
            AND g.from_date = parent.from_date
            AND g.to_date = parent.to_date
            AND g.currency IS NOT DISTINCT FROM parent.currency
        FOR NO KEY UPDATE OF g;
        IF last.target IS DISTINCT FROM share.target_before
            OR coalesce(last.locked, false) <> coalesce(share.locked, false)
        THEN
            PERFORM refuse(
                'child_goal_changed',
                'expected_version',
                coalesce(
                    (SELECT u.path FROM unit AS u WHERE u.id = share.unit_id),
                    (SELECT p.handle FROM person AS p WHERE p.id = share.person_id)
                )
            );
        END IF;
        IF NOT (goal_split_apply.dry_run OR coalesce(share.locked, false)) THEN
            PERFORM goal_write(
                share.unit_id,
                share.person_id,
                parent.metric,
                parent.from_date,
                parent.to_date,
                parent.currency,
                share.target,
                NULL,
                NULL,
                NULL,
                goal_split_apply.reason,
                NULL
            );
        END IF;
    END LOOP;

    IF NOT goal_split_apply.dry_run THEN
        PERFORM goal_write(
            parent.unit_id,
            parent.person_id,
            parent.metric,
            parent.from_date,
            parent.to_date,
            parent.currency,
            (
                SELECT v.target
                FROM goal_version AS v
                WHERE v.goal_id = parent.id AND v.version = parent.version
            ),
            NULL,
            goal_split_apply.stretch_milli,
            goal_split_apply.method,
            goal_split_apply.reason,
            NULL
        );
    END IF;
END;
$$;
