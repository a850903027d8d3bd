-- The goal that a request is about; refuses when there is none.
CREATE OR REPLACE FUNCTION goal_find(
    unit text,
    person text,
    metric text,
    from_date text,
    to_date text,
    currency text
)
RETURNS goal
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    who bigint := person_find(goal_find.person);
    home bigint := CASE WHEN who IS NULL THEN unit_or_home(goal_find.unit) END;
    aim metric := metric_find(goal_find.metric);
    first_day date := date_of(goal_find.from_date, 'from_date');
    last_day date := date_of(goal_find.to_date, 'to_date');
    money text := goal_currency(aim, goal_find.currency, coalesce(home, person_unit(who)));
    found_goal goal;
BEGIN
    IF num_nonnulls(goal_find.unit, goal_find.person) > 1 THEN
        PERFORM refuse('unit_or_person', 'unit');
    END IF;
    PERFORM
        require('from_date', first_day IS NOT NULL),
        require('to_date', last_day IS NOT NULL);
    SELECT g.* INTO found_goal
    FROM goal AS g
    WHERE
        g.unit_id IS NOT DISTINCT FROM home
        AND g.person_id IS NOT DISTINCT FROM who
        AND g.metric = aim.metric
        AND g.from_date = first_day
        AND g.to_date = last_day
        AND g.currency IS NOT DISTINCT FROM money;
    IF NOT FOUND THEN
        PERFORM refuse(
            'unknown_goal',
            'unit',
            coalesce(
                (SELECT u.path FROM unit AS u WHERE u.id = home),
                (SELECT p.handle FROM person AS p WHERE p.id = who)
            ),
            aim.metric,
            first_day::text,
            last_day::text
        );
    END IF;
    RETURN found_goal;
END;
$$;
