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
        compared AS MATERIALIZED (
            SELECT
                one.end_at AS end_before,
                one.handle AS actor_before,
                one.made_at AS made_before,
                other.end_at AS end_after,
                other.handle AS actor_after,
                other.made_at AS made_after
            FROM reign AS one
            CROSS JOIN reign AS other
            WHERE one.version = before_version AND other.version = after_version
        ),
        figure AS MATERIALIZED (
            SELECT
                h.place,
                (
                    array_agg(h.stretched_target ORDER BY h.version DESC)
                    FILTER (WHERE h.made_at < c.end_before)
                )[1] AS target_before,
                (
                    array_agg(h.stretched_target ORDER BY h.version DESC)
                    FILTER (WHERE h.made_at < c.end_after)
                )[1] AS target_after
            FROM held AS h
            CROSS JOIN compared AS c
            GROUP BY h.place
        )
    SELECT
        whole.currency,
        before_version,
        after_version,
        c.actor_before,
        c.actor_after,
        c.made_before,
        c.made_after,
        n.place,
        n.parent,
        n.level,
        CASE WHEN n.unit_id IS NOT NULL THEN n.reference END,
        CASE WHEN n.unit_id IS NULL THEN n.reference END,
        n.name,
        f.target_before,
        f.target_after
    FROM unnest(nodes) AS n
    CROSS JOIN compared AS c
    LEFT JOIN figure AS f ON f.place = n.place
    WHERE n.level = 0 OR f.target_before IS DISTINCT FROM f.target_after
    ORDER BY n.place;
END;
$$;
