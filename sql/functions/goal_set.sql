-- GoalService.Set: the goal of a unit or a person for a metric and a period (2.2). A change is a
-- new version; the same figures again are none. Without a target the one in force stays, and its
-- lock or its stretch is what changes.
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
    INOUT stretch_milli integer,
    INOUT stretched_target bigint,
    OUT version integer,
    OUT actor text,
    OUT made_at timestamptz,
    OUT name text,
    OUT method text
)
RETURNS SETOF record
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    aim metric;
    home bigint;
    who bigint;
    first_day date := date_of(goal_set.from_date, 'from_date');
    last_day date := date_of(goal_set.to_date, 'to_date');
    last goal_version;
    stretch integer;
    wanted goal_in;
BEGIN
    IF num_nonnulls(goal_set.unit, goal_set.person) <> 1 THEN
        PERFORM refuse('unit_or_person', 'unit');
    END IF;
    PERFORM
        require('from_date', first_day IS NOT NULL),
        require('to_date', last_day IS NOT NULL);
    aim := metric_find(goal_set.metric);
    home := unit_find(goal_set.unit);
    who := person_find(goal_set.person);
    PERFORM check_range(first_day, last_day);
    wanted.unit_id := home;
    wanted.person_id := who;
    wanted.metric := aim.metric;
    wanted.from_date := first_day;
    wanted.to_date := last_day;
    wanted.currency := goal_currency(
        aim, goal_set.currency, coalesce(home, person_unit(who))
    );
    SELECT v.* INTO last
    FROM goals_find(ARRAY[wanted]) AS f
    JOIN goal_version AS v ON v.goal_id = f.goal_id AND v.version = f.version;
    PERFORM require('target', coalesce(goal_set.target, last.target) IS NOT NULL);
    wanted.target := coalesce(goal_set.target, last.target);
    stretch := coalesce(goal_set.stretch_milli, last.stretch_milli, 0);
    IF wanted.target < 0 THEN
        PERFORM refuse('negative_target', 'target', wanted.target::text);
    ELSIF stretch < 0 THEN
        PERFORM refuse('bad_stretch', 'stretch_milli', stretch::text);
    END IF;
    wanted.stretched_target := coalesce(
        goal_set.stretched_target,
        CASE
            WHEN wanted.target = last.target AND goal_set.stretch_milli IS NULL
            THEN last.stretched_target
        END,
        stretched(wanted.target, stretch)
    );
    IF wanted.stretched_target < wanted.target THEN
        PERFORM refuse('bad_stretch', 'stretched_target', wanted.stretched_target::text);
    END IF;
    wanted.locked := goal_set.locked;
    wanted.stretch_milli := goal_set.stretch_milli;
    wanted.reason := goal_set.reason;
    -- What this change was made on the sight of: when the target was read here, just that.
    wanted.version_before := coalesce(
        goal_set.expected_version, CASE WHEN goal_set.target IS NULL THEN last.version END
    );
    PERFORM goals_write(ARRAY[wanted]);
    RETURN QUERY
    SELECT
        u.path,
        p.handle,
        wanted.metric,
        first_day::text,
        last_day::text,
        v.target,
        wanted.currency,
        v.reason,
        v.locked,
        v.stretch_milli,
        v.stretched_target,
        v.version,
        a.handle,
        v.made_at,
        coalesce(u.name, p.name),
        v.method
    FROM goals_find(ARRAY[wanted]) AS f
    JOIN goal_version AS v ON v.goal_id = f.goal_id AND v.version = f.version
    JOIN person AS a ON a.id = v.actor_id
    LEFT JOIN unit AS u ON u.id = home
    LEFT JOIN person AS p ON p.id = who;
END;
$$;
