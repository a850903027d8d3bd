-- GoalService.Rebalance, what it starts from (2.9): the goal in force and all below it as for a
-- split, what each has done before today, and the weights of the days that remain, today among
-- them.
CREATE OR REPLACE FUNCTION goal_rebalance_read(
    unit text,
    metric text,
    from_date text,
    to_date text,
    INOUT currency text,
    method text,
    deep boolean,
    reason text,
    dry_run boolean,
    expected_version integer,
    periods integer,
    OUT goal_unit_id bigint,
    OUT goal_name text,
    OUT goal_metric text,
    OUT goal_from_date text,
    OUT goal_to_date text,
    OUT target bigint,
    OUT stretched_target bigint,
    OUT goal_stretch_milli integer,
    OUT version integer,
    OUT rebalanced_from text,
    OUT goal_done bigint,
    OUT place integer,
    OUT parent integer,
    OUT level integer,
    OUT unit_id bigint,
    OUT person_id bigint,
    OUT name text,
    OUT weight bigint,
    OUT locked boolean,
    OUT target_before bigint,
    OUT stretched_before bigint,
    OUT child_stretch_milli integer,
    OUT version_before integer,
    OUT done bigint
)
RETURNS SETOF record
LANGUAGE plpgsql
STABLE
SET plan_cache_mode = auto
AS $$
#variable_conflict use_column
DECLARE
    whole goal := goal_find(
        goal_rebalance_read.unit,
        NULL,
        goal_rebalance_read.metric,
        goal_rebalance_read.from_date,
        goal_rebalance_read.to_date,
        goal_rebalance_read.currency
    );
    today date := unit_today(whole.unit_id);
    path text := (SELECT u.path FROM unit AS u WHERE u.id = whole.unit_id);
    nodes goal_node[];
BEGIN
    IF today NOT BETWEEN whole.from_date AND whole.to_date THEN
        PERFORM refuse(
            'not_under_way', 'from_date', path, whole.from_date::text, whole.to_date::text
        );
    ELSIF goal_rebalance_read.method = 'stated' THEN
        PERFORM refuse('stated_rebalance', 'method');
    END IF;
    nodes := goal_scope_nodes(
        whole.unit_id, NULL, CASE WHEN goal_rebalance_read.deep THEN 100 ELSE 1 END
    );
    PERFORM plan_for(cardinality(nodes));
    RETURN QUERY
    WITH
        worked AS MATERIALIZED (
            SELECT d.*
            FROM goal_done(
                nodes, whole.metric, whole.currency, whole.from_date, today - 1, true
            ) AS d
        ),
        line AS MATERIALIZED (
            SELECT n.*, coalesce(worked.done, 0) AS done, g.goal_id, g.version
            FROM unnest(nodes) AS n
            LEFT JOIN worked ON worked.place = n.place
            LEFT JOIN goal_of_nodes(
                nodes, whole.metric, whole.from_date, whole.to_date, whole.currency
            ) AS g ON g.place = n.place
        )
    SELECT
        whole.currency,
        whole.unit_id,
        path,
        whole.metric,
        whole.from_date::text,
        whole.to_date::text,
        top.target,
        top.stretched_target,
        top.stretch_milli,
        whole.version,
        today::text,
        (SELECT o.done FROM line AS o WHERE o.place = 0),
        l.place,
        nullif(l.parent, 0),
        l.level,
        l.unit_id,
        l.person_id,
        l.name,
        coalesce(w.weight, 0),
        coalesce(v.locked, false),
        v.target,
        v.stretched_target,
        v.stretch_milli,
        coalesce(l.version, 0),
        l.done
    FROM line AS l
    JOIN goal_version AS top ON top.goal_id = whole.id AND top.version = whole.version
    LEFT JOIN goal_weights(
        nodes,
        coalesce(goal_rebalance_read.method, 'capacity'),
        today,
        whole.metric,
        whole.currency,
        -- What remains; history is that of the whole periods before.
        CASE goal_rebalance_read.method WHEN 'history' THEN whole.from_date ELSE today END,
        whole.to_date,
        greatest(coalesce(goal_rebalance_read.periods, 1), 1)
    ) AS w ON w.place = l.place
    LEFT JOIN goal_version AS v ON v.goal_id = l.goal_id AND v.version = l.version
    WHERE l.level > 0 AND (l.is_rep IS NOT FALSE OR v.target IS NOT NULL OR l.done > 0)
    ORDER BY l.place;
    IF NOT FOUND THEN
        PERFORM refuse('nothing_below', 'unit', path);
    END IF;
END;
$$;
