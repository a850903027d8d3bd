-- GoalService.Split, the writing (2.3): new versions of the children whose share differs from what
-- they had, and one of the parent when it was never split in this way. It is refused when parent or
-- child changed since goal_split_read(). A dry run answers with the versions that are there.
CREATE OR REPLACE FUNCTION goal_split_write(
    goal_id bigint,
    version integer,
    target bigint,
    stretched_target bigint,
    stretch_milli integer,
    currency text,
    reason text,
    method text,
    dry_run boolean,
    shares split_share_in []
)
RETURNS TABLE (
    parent_target bigint,
    stretched_target bigint,
    stretch_milli integer,
    currency text,
    unit text,
    person text,
    name text,
    weight bigint,
    locked boolean,
    target_before bigint,
    target bigint,
    version integer
)
LANGUAGE sql
AS $$
    SELECT goal_split_apply(
        goal_split_write.goal_id,
        goal_split_write.version,
        coalesce(goal_split_write.stretch_milli, 0),
        goal_split_write.method,
        goal_split_write.reason,
        coalesce(goal_split_write.dry_run, false),
        goal_split_write.shares
    );

    SELECT
        goal_split_write.target,
        goal_split_write.stretched_target,
        goal_split_write.stretch_milli,
        goal_split_write.currency,
        u.path,
        p.handle,
        coalesce(u.name, p.name),
        s.weight,
        s.locked,
        s.target_before,
        s.target,
        child.version
    FROM unnest(goal_split_write.shares) WITH ORDINALITY AS s (
        unit_id, person_id, weight, locked, target_before, target, position
    )
    JOIN goal AS parent ON parent.id = goal_split_write.goal_id
    LEFT JOIN unit AS u ON u.id = s.unit_id
    LEFT JOIN person AS p ON p.id = s.person_id
    LEFT JOIN goal AS child
        ON
            child.unit_id IS NOT DISTINCT FROM s.unit_id
            AND child.person_id IS NOT DISTINCT FROM s.person_id
            AND child.metric = parent.metric
            AND child.from_date = parent.from_date
            AND child.to_date = parent.to_date
            AND child.currency IS NOT DISTINCT FROM parent.currency
    ORDER BY s.position;
$$;
