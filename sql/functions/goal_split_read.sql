-- GoalService.Split, what it starts from (2.3): the goal in force, and what is right below its unit
-- today with the goals that it has for the same metric and period. People who lead the unit get no
-- share, unless a goal of theirs is there already.
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
    OUT goal_id bigint,
    OUT target bigint,
    OUT version integer,
    OUT unit_id bigint,
    OUT person_id bigint,
    OUT name text,
    OUT reference text,
    OUT headcount integer,
    OUT locked boolean,
    OUT target_before bigint
)
RETURNS SETOF record
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    place unit%ROWTYPE;
    aim metric;
    first_day date := date_of(goal_split_read.from_date, 'from_date');
    last_day date := date_of(goal_split_read.to_date, 'to_date');
    parent goal%ROWTYPE;
    today date;
BEGIN
    SELECT * INTO place FROM unit AS u WHERE u.id = unit_or_home(goal_split_read.unit);
    aim := metric_find(goal_split_read.metric);
    PERFORM
        require('from_date', first_day IS NOT NULL),
        require('to_date', last_day IS NOT NULL);
    SELECT g.* INTO parent
    FROM goal AS g
    WHERE
        g.unit_id = place.id
        AND g.metric = aim.metric
        AND g.from_date = first_day
        AND g.to_date = last_day
        AND g.currency
        IS NOT DISTINCT FROM goal_currency(aim, goal_split_read.currency, place.id);
    IF NOT FOUND THEN
        PERFORM refuse(
            'unknown_goal', 'unit', place.path, aim.metric, first_day::text, last_day::text
        );
    END IF;
    PERFORM check_goal_version(parent.id, goal_split_read.expected_version);
    today := unit_today(place.id);
    RETURN QUERY
    SELECT
        parent.currency,
        parent.id,
        whole.target,
        whole.version,
        c.unit_id,
        c.person_id,
        c.name,
        -- All that a stated weight may call the child, besides its name.
        concat_ws(chr(31), c.reference, nullif(ltrim(c.reference, '/'), c.reference)),
        c.headcount,
        coalesce(part.locked, false),
        part.target
    FROM unit_children(place.id, today) AS c
    JOIN goal_version AS whole ON whole.goal_id = parent.id AND whole.version = parent.version
    LEFT JOIN goal AS g
        ON
            g.unit_id IS NOT DISTINCT FROM c.unit_id
            AND g.person_id IS NOT DISTINCT FROM c.person_id
            AND g.metric = parent.metric
            AND g.from_date = parent.from_date
            AND g.to_date = parent.to_date
            AND g.currency IS NOT DISTINCT FROM parent.currency
    LEFT JOIN goal_version AS part ON part.goal_id = g.id AND part.version = g.version
    WHERE c.is_rep IS NOT FALSE OR part.target IS NOT NULL
    ORDER BY c.place;
    IF NOT FOUND THEN
        PERFORM refuse('nothing_below', 'unit', place.path);
    END IF;
END;
$$;
