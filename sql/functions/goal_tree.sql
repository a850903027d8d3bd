-- GoalService.Tree: a unit's goal for a metric and period, and that of everything below it, with
-- coverage (2.4): what is right below against the goal in force. Parts of a unit that has no goal
-- itself are shown all the same.
CREATE OR REPLACE FUNCTION goal_tree(
    unit text,
    metric text,
    INOUT from_date text,
    INOUT to_date text,
    INOUT currency text,
    levels integer,
    OUT today text,
    OUT place integer,
    OUT parent integer,
    OUT level integer,
    OUT scope_unit text,
    OUT person text,
    OUT name text,
    OUT target bigint,
    OUT stretched_target bigint,
    OUT stretch_milli integer,
    OUT locked boolean,
    OUT version integer,
    OUT children_target bigint,
    OUT coverage_gap bigint,
    OUT share_milli integer,
    OUT own_currency text,
    OUT own_target bigint,
    OUT rate text,
    OUT rate_date text
)
RETURNS SETOF record
LANGUAGE plpgsql
STABLE
SET plan_cache_mode = auto
AS $$
#variable_conflict use_column
DECLARE
    home bigint := unit_or_home(goal_tree.unit);
    aim metric := metric_find(goal_tree.metric);
    first_day date := date_of(goal_tree.from_date, 'from_date');
    last_day date := date_of(goal_tree.to_date, 'to_date');
    money text := goal_currency(aim, goal_tree.currency, home);
    day date := unit_today(home);
    nodes goal_node[];
BEGIN
    PERFORM
        require('from_date', first_day IS NOT NULL),
        require('to_date', last_day IS NOT NULL);
    nodes := goal_scope_nodes(home, NULL, coalesce(goal_tree.levels, 100));
    PERFORM plan_for(cardinality(nodes));
    RETURN QUERY
    WITH
        held AS MATERIALIZED (
            SELECT h.*
            FROM goal_in_currency(nodes, aim.metric, first_day, last_day, money) AS h
        ),
        line AS MATERIALIZED (
            SELECT
                n.place,
                n.parent,
                n.level,
                CASE WHEN n.unit_id IS NOT NULL THEN n.reference END AS unit,
                CASE WHEN n.person_id IS NOT NULL THEN n.reference END AS person,
                n.name,
                n.is_rep,
                h.*
            FROM unnest(nodes) AS n
            LEFT JOIN held AS h ON h.node = n.place
        ),
        below AS MATERIALIZED (
            SELECT l.parent, sum(l.target) AS target, count(l.target) AS goals
            FROM line AS l
            GROUP BY l.parent
        )
    SELECT
        first_day::text,
        last_day::text,
        money,
        day::text,
        l.place,
        l.parent,
        l.level,
        l.unit,
        l.person,
        l.name,
        l.target,
        l.stretched_target,
        l.stretch_milli,
        l.locked,
        l.version,
        below.target::bigint,
        (below.target - l.stretched_target)::bigint,
        round(l.target * 1000.0 / nullif(above.stretched_target, 0))::integer,
        l.own_currency,
        l.own_target,
        l.rate,
        l.rate_date
    FROM line AS l
    LEFT JOIN below ON below.parent = l.place AND below.goals > 0
    LEFT JOIN line AS above ON above.place = l.parent
    LEFT JOIN below AS siblings ON siblings.parent = l.parent
    WHERE
        l.target IS NOT NULL
        OR l.own_target IS NOT NULL
        OR below.goals > 0
        OR l.level = 0
        -- Nothing hides one without a goal beside others that have one.
        OR (l.is_rep IS NOT FALSE AND siblings.goals > 0)
    ORDER BY l.place;
END;
$$;
