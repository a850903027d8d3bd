-- GoalService.List: every goal in force of a unit and all below it today, or with history every
-- version of each, page by page, in the order of goals' making.
CREATE OR REPLACE FUNCTION goal_list(
    INOUT unit text,
    INOUT metric text,
    INOUT from_date text,
    INOUT to_date text,
    page_size integer,
    cursor text,
    history boolean,
    OUT person text,
    OUT currency text,
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
    OUT imported_at timestamptz,
    OUT next_cursor text
)
RETURNS SETOF record
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    home bigint := unit_or_home(goal_list.unit);
    first_day date := coalesce(date_of(goal_list.from_date, 'from_date'), '-infinity');
    last_day date := coalesce(date_of(goal_list.to_date, 'to_date'), 'infinity');
    aim text;
    rows_wanted integer := least(greatest(coalesce(goal_list.page_size, 500), 1), 2000);
    after_id bigint := CASE WHEN goal_list.cursor ~ '^\d{1,18}$' THEN goal_list.cursor::bigint
        ELSE 0 END;
BEGIN
    IF goal_list.metric IS NOT NULL THEN
        aim := (metric_find(goal_list.metric)).metric;
    END IF;
    RETURN QUERY
    WITH
        below AS MATERIALIZED (
            SELECT r.unit_id
            FROM reach AS r
            WHERE r.ancestor_id = home AND unit_today(home) BETWEEN r.from_date AND r.to_date
        ),
        people AS MATERIALIZED (
            SELECT b.person_id FROM people_below(home) AS b
        ),
        page AS MATERIALIZED (
            SELECT g.*
            FROM goal AS g
            WHERE
                g.id > after_id
                AND g.version > 0
                AND g.from_date <= last_day
                AND g.to_date >= first_day
                AND g.metric = coalesce(aim, g.metric)
                AND (
                    g.unit_id IN (SELECT below.unit_id FROM below)
                    OR g.person_id IN (SELECT people.person_id FROM people)
                )
            ORDER BY g.id
            LIMIT rows_wanted + 1
        )
    SELECT
        u.path,
        g.metric,
        g.from_date::text,
        g.to_date::text,
        p.handle,
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
        CASE WHEN v.stated_at IS NOT NULL THEN v.made_at END,
        CASE
            WHEN (SELECT count(*) FROM page) > rows_wanted THEN max(g.id) OVER ()::text
        END
    FROM (SELECT * FROM page ORDER BY page.id LIMIT rows_wanted) AS g
    JOIN goal_version AS v
        ON v.goal_id = g.id AND (v.version = g.version OR coalesce(goal_list.history, false))
    JOIN person AS a ON a.id = v.actor_id
    LEFT JOIN unit AS u ON u.id = g.unit_id
    LEFT JOIN person AS p ON p.id = g.person_id
    ORDER BY g.id, v.version;
END;
$$;
