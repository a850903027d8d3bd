-- GoalService.Set: the goal of a unit or a person for a metric and a period (2.2). A change is a
-- new version; the same figures again are none.
CREATE OR REPLACE FUNCTION goal_set(
    INOUT unit text,
    INOUT person text,
    INOUT metric text,
    INOUT from_date text,
    INOUT to_date text,
    INOUT target bigint,
    INOUT currency text,
    INOUT reason text,
    INOUT locked boolean,
    expected_version integer,
    OUT version integer,
    OUT actor text,
    OUT made_at timestamptz,
    OUT name text
)
RETURNS SETOF record
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    aim metric;
    place bigint;
    who bigint;
    first_day date := date_of(goal_set.from_date, 'from_date');
    last_day date := date_of(goal_set.to_date, 'to_date');
    written bigint;
BEGIN
    IF num_nonnulls(goal_set.unit, goal_set.person) <> 1 THEN
        PERFORM refuse('unit_or_person', 'unit');
    END IF;
    PERFORM
        require('from_date', first_day IS NOT NULL),
        require('to_date', last_day IS NOT NULL),
        require('target', goal_set.target IS NOT NULL);
    aim := metric_find(goal_set.metric);
    place := unit_find(goal_set.unit);
    who := person_find(goal_set.person);
    PERFORM check_range(first_day, last_day);
    IF goal_set.target < 0 THEN
        PERFORM refuse('negative_target', 'target', goal_set.target::text);
    END IF;
    written := goal_write(
        place,
        who,
        aim.metric,
        first_day,
        last_day,
        goal_currency(aim, goal_set.currency, coalesce(place, person_unit(who))),
        goal_set.target,
        goal_set.locked,
        NULL,
        NULL,
        goal_set.reason,
        goal_set.expected_version
    );
    RETURN QUERY
    SELECT
        u.path,
        p.handle,
        g.metric,
        g.from_date::text,
        g.to_date::text,
        v.target,
        g.currency,
        v.reason,
        v.locked,
        v.version,
        a.handle,
        v.made_at,
        coalesce(u.name, p.name)
    FROM goal AS g
    JOIN goal_version AS v ON v.goal_id = g.id AND v.version = g.version
    JOIN person AS a ON a.id = v.actor_id
    LEFT JOIN unit AS u ON u.id = g.unit_id
    LEFT JOIN person AS p ON p.id = g.person_id
    WHERE g.id = written;
END;
$$;
