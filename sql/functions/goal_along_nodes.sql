-- GoalService.SplitAlong: the goal, and with deep those of the same period below it, down to
-- where a unit has none.
CREATE OR REPLACE FUNCTION goal_along_nodes(
    unit text,
    person text,
    metric text,
    from_date text,
    to_date text,
    INOUT currency text,
    part text,
    method text,
    weights stated_weight_in [],
    seasons stated_weight_in [],
    deep boolean,
    reason text,
    dry_run boolean,
    expected_version integer,
    OUT goal_metric text,
    OUT goal_from_date text,
    OUT goal_to_date text,
    OUT place integer,
    OUT parent integer,
    OUT level integer,
    OUT unit_id bigint,
    OUT person_id bigint,
    OUT name text,
    OUT target bigint,
    OUT stretched_target bigint,
    OUT stretch_milli integer,
    OUT locked boolean,
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
        goal_along_nodes.unit,
        goal_along_nodes.person,
        goal_along_nodes.metric,
        goal_along_nodes.from_date,
        goal_along_nodes.to_date,
        goal_along_nodes.currency
    );
    nodes goal_node[] := goal_scope_nodes(
        whole.unit_id,
        whole.person_id,
        CASE WHEN goal_along_nodes.deep AND whole.unit_id IS NOT NULL THEN 100 ELSE 0 END
    );
BEGIN
    PERFORM require('part', goal_along_nodes.part IS NOT NULL);
    IF goal_along_nodes.method = 'headcount' THEN
        PERFORM refuse('headcount_along', 'method');
    END IF;
    PERFORM refuse('one_part', 'part', whole.from_date::text, whole.to_date::text)
    FROM period_parts(goal_along_nodes.part, whole.from_date, whole.to_date) AS p
    HAVING count(*) = 1;
    PERFORM plan_for(cardinality(nodes));
    RETURN QUERY
    WITH RECURSIVE
        held AS MATERIALIZED (
            SELECT g.*
            FROM goal_of_nodes(
                nodes, whole.metric, whole.from_date, whole.to_date, whole.currency
            ) AS g
        ),
        -- Down to where one has no goal: nothing below that can add up to it.
        linked AS (
            SELECT n.*
            FROM unnest(nodes) AS n
            WHERE n.parent IS NULL
            UNION ALL
            SELECT n.*
            FROM linked AS above
            JOIN held ON held.place = above.place
            JOIN unnest(nodes) AS n ON n.parent = above.place
        )
    SELECT
        whole.currency,
        whole.metric,
        whole.from_date::text,
        whole.to_date::text,
        n.place,
        n.parent,
        n.level,
        n.unit_id,
        n.person_id,
        n.name,
        v.target,
        v.stretched_target,
        v.stretch_milli,
        v.locked,
        v.version
    FROM linked AS n
    JOIN held ON held.place = n.place
    JOIN goal_version AS v ON v.goal_id = held.goal_id AND v.version = held.version
    ORDER BY n.place;
END;
$$;
