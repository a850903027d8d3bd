-- GoalService.Split, what it starts from (2.3): the goal in force, and what is below its unit
-- today, right below or with deep down to the people, with the goals that it has for the same
-- metric and period. People who lead a unit get no share of it, unless a goal of theirs is there
-- already.
CREATE OR REPLACE FUNCTION goal_split_read(
    unit text,
    metric text,
    from_date text,
    to_date text,
    INOUT currency text,
    method text,
    weights stated_weight_in [],
    stretch_milli integer,
    reason text,
    dry_run boolean,
    expected_version integer,
    deep boolean,
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
    OUT place integer,
    OUT parent integer,
    OUT level integer,
    OUT unit_id bigint,
    OUT person_id bigint,
    OUT name text,
    OUT reference text,
    OUT weight bigint,
    OUT locked boolean,
    OUT target_before bigint,
    OUT stretched_before bigint,
    OUT child_stretch_milli integer,
    OUT version_before integer
)
RETURNS SETOF record
LANGUAGE plpgsql
STABLE
SET plan_cache_mode = auto
AS $$
#variable_conflict use_column
DECLARE
    whole goal := goal_find(
        goal_split_read.unit,
        NULL,
        goal_split_read.metric,
        goal_split_read.from_date,
        goal_split_read.to_date,
        goal_split_read.currency
    );
    today date := unit_today(whole.unit_id);
    nodes goal_node[];
BEGIN
    SELECT array_agg(n ORDER BY n.place) INTO nodes
    FROM goal_nodes(
        whole.unit_id, today, CASE WHEN goal_split_read.deep THEN 100 ELSE 1 END
    ) AS n;
    IF nodes IS NULL THEN
        PERFORM refuse('nothing_below', 'unit', u.path) FROM unit AS u WHERE u.id = whole.unit_id;
    END IF;
    PERFORM plan_for(cardinality(nodes));
    RETURN QUERY
    SELECT
        whole.currency,
        whole.unit_id,
        (SELECT u.path FROM unit AS u WHERE u.id = whole.unit_id),
        whole.metric,
        whole.from_date::text,
        whole.to_date::text,
        top.target,
        top.stretched_target,
        top.stretch_milli,
        whole.version,
        n.place,
        n.parent,
        n.level,
        n.unit_id,
        n.person_id,
        n.name,
        -- All that a stated weight may call the child, besides its name.
        concat_ws(chr(31), n.reference, nullif(ltrim(n.reference, '/'), n.reference)),
        coalesce(w.weight, 0),
        coalesce(v.locked, false),
        v.target,
        v.stretched_target,
        v.stretch_milli,
        coalesce(g.version, 0)
    FROM unnest(nodes) AS n
    JOIN goal_version AS top ON top.goal_id = whole.id AND top.version = whole.version
    LEFT JOIN goal_weights(
        nodes,
        coalesce(goal_split_read.method, 'equal'),
        today,
        whole.metric,
        whole.currency,
        whole.from_date,
        whole.to_date,
        greatest(coalesce(goal_split_read.periods, 1), 1)
    ) AS w ON w.place = n.place
    LEFT JOIN goal_of_nodes(
        nodes, whole.metric, whole.from_date, whole.to_date, whole.currency
    ) AS g ON g.place = n.place
    LEFT JOIN goal_version AS v ON v.goal_id = g.goal_id AND v.version = g.version
    WHERE n.is_rep IS NOT FALSE OR v.target IS NOT NULL
    ORDER BY n.place;
    IF NOT FOUND THEN
        PERFORM refuse('nothing_below', 'unit', u.path) FROM unit AS u WHERE u.id = whole.unit_id;
    END IF;
END;
$$;
