-- GoalService.History: every version of one goal (2.2), the newest first.
CREATE OR REPLACE FUNCTION goal_history(
    INOUT unit text,
    INOUT person text,
    INOUT metric text,
    INOUT from_date text,
    INOUT to_date text,
    INOUT currency text,
    OUT target bigint,
    OUT version integer,
    OUT locked boolean,
    OUT reason text,
    OUT actor text,
    OUT made_at timestamptz,
    OUT name text,
    OUT stretch_milli integer,
    OUT stretched_target bigint,
    OUT method text,
    OUT rebalanced_from text,
    OUT done bigint,
    OUT seasons text,
    OUT imported_by text,
    OUT imported_at timestamptz
)
RETURNS SETOF record
LANGUAGE sql
STABLE
AS $$
    SELECT
        u.path,
        p.handle,
        g.metric,
        g.from_date::text,
        g.to_date::text,
        g.currency,
        v.target,
        v.version,
        v.locked,
        v.reason,
        coalesce(v.stated_actor, a.handle),
        coalesce(v.stated_at, v.made_at),
        coalesce(u.name, p.name),
        v.stretch_milli,
        v.stretched_target,
        v.method,
        v.rebalanced_from::text,
        v.done,
        v.seasons,
        CASE WHEN v.stated_at IS NOT NULL THEN a.handle END,
        CASE WHEN v.stated_at IS NOT NULL THEN v.made_at END
    FROM goal_find($1, $2, $3, $4, $5, $6) AS g
    JOIN goal_version AS v ON v.goal_id = g.id
    JOIN person AS a ON a.id = v.actor_id
    LEFT JOIN unit AS u ON u.id = g.unit_id
    LEFT JOIN person AS p ON p.id = g.person_id
    ORDER BY v.version DESC;
$$;
