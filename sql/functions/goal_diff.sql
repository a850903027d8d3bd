-- GoalService.Diff: a goal and those of all below it, as they were when each of two of its versions
-- was about to be replaced; only what differs.
CREATE OR REPLACE FUNCTION goal_diff(
    unit text,
    metric text,
    from_date text,
    to_date text,
    INOUT currency text,
    INOUT version_before integer,
    INOUT version_after integer,
    OUT actor_before text,
    OUT actor_after text,
    OUT made_before timestamptz,
    OUT made_after timestamptz,
    OUT place integer,
    OUT parent integer,
    OUT level integer,
    OUT scope_unit text,
    OUT person text,
    OUT name text,
    OUT target_before bigint,
    OUT target_after bigint
)
RETURNS SETOF record
LANGUAGE plpgsql
STABLE
SET plan_cache_mode = auto
AS $$
#variable_conflict use_column
DECLARE
    whole goal := goal_find(
        goal_diff.unit,
        NULL,
        goal_diff.metric,
        goal_diff.from_date,
        goal_diff.to_date,
        goal_diff.currency
    );
    after_version integer := coalesce(goal_diff.version_after, whole.version);
    before_version integer := coalesce(goal_diff.version_before, after_version - 1);
    nodes goal_node[] := goal_scope_nodes(whole.unit_id, NULL, 100);
BEGIN
    IF before_version NOT BETWEEN 1 AND whole.version
        OR after_version NOT BETWEEN 1 AND whole.version
    THEN
        PERFORM refuse(
            'no_such_version', 'version_before',
            (CASE
                WHEN before_version BETWEEN 1 AND whole.version THEN after_version
                ELSE before_version
            END)::text,
            whole.version::text
        );
    END IF;
    PERFORM plan_for(cardinality(nodes));
    RETURN QUERY
    WITH
        -- A version stands until the next one is made; all of one request have one time.
        reign AS MATERIALIZED (
            SELECT
                v.version,
                v.made_at,
                a.handle,
                coalesce(lead(v.made_at) OVER (ORDER BY v.version), 'infinity') AS end_at
            FROM goal_version AS v
            JOIN person AS a ON a.id = v.actor_id
            WHERE v.goal_id = whole.id
        ),
        held AS MATERIALIZED (
            SELECT g.place, v.version, v.stretched_target, v.made_at
            FROM goal_of_nodes(
                nodes, whole.metric, whole.from_date, whole.to_date, whole.currency
            ) AS g
            JOIN goal_version AS v ON v.goal_id = g.goal_id
        ),
        line AS (
            SELECT
                n.*,
                (
                    SELECT h.stretched_target
                    FROM held AS h
                    WHERE h.place = n.place AND h.made_at < one.end_at
                    ORDER BY h.version DESC
                    LIMIT 1
                ) AS target_before,
                (
                    SELECT h.stretched_target
                    FROM held AS h
                    WHERE h.place = n.place AND h.made_at < other.end_at
                    ORDER BY h.version DESC
                    LIMIT 1
                ) AS target_after,
                one.handle AS actor_before,
                one.made_at AS made_before,
                other.handle AS actor_after,
                other.made_at AS made_after
            FROM reign AS one
            CROSS JOIN reign AS other
            CROSS JOIN unnest(nodes) AS n
            WHERE one.version = before_version AND other.version = after_version
        )
    SELECT
        whole.currency,
        before_version,
        after_version,
        l.actor_before,
        l.actor_after,
        l.made_before,
        l.made_after,
        l.place,
        l.parent,
        l.level,
        CASE WHEN l.unit_id IS NOT NULL THEN l.reference END,
        CASE WHEN l.unit_id IS NULL THEN l.reference END,
        l.name,
        l.target_before,
        l.target_after
    FROM line AS l
    WHERE l.level = 0 OR l.target_before IS DISTINCT FROM l.target_after
    ORDER BY l.place;
END;
$$;
