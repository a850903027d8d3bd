-- GoalService.SplitAlong: the parts of the period for each of goal_along_nodes(), with the goals
-- that are there, and the weights of the goal at the top: working days of the part, or the work of
-- the same part a year before.
CREATE OR REPLACE FUNCTION goal_along_cells(
    unit text,
    person text,
    metric text,
    INOUT from_date text,
    INOUT to_date text,
    currency text,
    part text,
    method text,
    weights stated_weight_in [],
    seasons stated_weight_in [],
    deep boolean,
    reason text,
    dry_run boolean,
    expected_version integer,
    OUT place integer,
    OUT label text,
    OUT weight bigint,
    OUT locked boolean,
    OUT target_before bigint,
    OUT stretched_before bigint,
    OUT version_before integer
)
RETURNS SETOF record
LANGUAGE plpgsql
STABLE
SET plan_cache_mode = auto
AS $$
#variable_conflict use_column
DECLARE
    first_day date := date_of(goal_along_cells.from_date, 'from_date');
    last_day date := date_of(goal_along_cells.to_date, 'to_date');
    nodes goal_node[];
    aim text;
    money text;
BEGIN
    SELECT
        array_agg(
            ROW(n.place, n.parent, n.level, n.unit_id, n.person_id, n.name, n.name, NULL)::goal_node
            ORDER BY n.place
        ),
        max(n.goal_metric),
        max(n.currency)
    INTO nodes, aim, money
    FROM goal_along_nodes(
        goal_along_cells.unit,
        goal_along_cells.person,
        goal_along_cells.metric,
        goal_along_cells.from_date,
        goal_along_cells.to_date,
        goal_along_cells.currency,
        goal_along_cells.part,
        goal_along_cells.method,
        NULL,
        NULL,
        goal_along_cells.deep,
        NULL,
        NULL,
        NULL
    ) AS n;
    PERFORM plan_for(cardinality(nodes));
    RETURN QUERY
    WITH
        part AS MATERIALIZED (
            SELECT p.*, w.weight
            FROM period_parts(goal_along_cells.part, first_day, last_day) AS p
            CROSS JOIN LATERAL (
                SELECT CASE coalesce(goal_along_cells.method, 'capacity')
                    WHEN 'capacity'
                    THEN coalesce(
                        working_millidays(nodes[1].unit_id, p.from_date, p.to_date)
                        + coalesce(
                            person_working_millidays(
                                nodes[1].person_id, p.from_date, p.to_date
                            ),
                            0
                        ),
                        0
                    )
                    WHEN 'history'
                    THEN coalesce(
                        (
                            SELECT greatest(sum(d.done), 0)
                            FROM goal_done(
                                nodes[1:1],
                                aim,
                                money,
                                (p.from_date - interval '1 year')::date,
                                (p.to_date - interval '1 year')::date,
                                false
                            ) AS d
                        ),
                        0
                    )
                    ELSE 1
                END::bigint
            ) AS w (weight)
        )
    SELECT
        part.from_date::text,
        part.to_date::text,
        n.place,
        part.label,
        part.weight,
        coalesce(v.locked, false),
        v.target,
        v.stretched_target,
        coalesce(g.version, 0)
    -- Once a part, not once a node: to plan it costs more than to run it.
    FROM part
    CROSS JOIN unnest(nodes) AS n
    LEFT JOIN (
        SELECT held.*, p.number
        FROM part AS p
        CROSS JOIN LATERAL goal_of_nodes(nodes, aim, p.from_date, p.to_date, money) AS held
    ) AS g ON g.number = part.number AND g.place = n.place
    LEFT JOIN goal_version AS v ON v.goal_id = g.goal_id AND v.version = g.version
    ORDER BY n.place, part.number;
END;
$$;
