-- GoalService.Phase, a page of it: the goals of a period, and what the daemon needs to lay them on
-- days (2.6): the calendar, leave, and for re-balanced ones the amount of each time between (2.9).
CREATE OR REPLACE FUNCTION goal_phase(
    unit text,
    INOUT person text,
    metric text,
    INOUT from_date text,
    to_date text,
    INOUT currency text,
    deep boolean,
    seasons stated_weight_in [],
    page_size integer,
    cursor text,
    OUT next_cursor text,
    OUT scope_unit text,
    OUT name text,
    OUT stretched_target bigint,
    OUT done bigint,
    OUT rebalanced_from text,
    OUT kept_seasons text,
    OUT calendar bigint,
    OUT frame_targets bigint[],
    OUT frame_offsets integer[],
    OUT frame_seasons text[],
    OUT away_offsets integer[],
    OUT away_millis integer[]
)
RETURNS SETOF record
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    whole goal := goal_find(
        goal_phase.unit,
        goal_phase.person,
        goal_phase.metric,
        goal_phase.from_date,
        goal_phase.to_date,
        goal_phase.currency
    );
    is_deep boolean := coalesce(goal_phase.deep, false) AND whole.unit_id IS NOT NULL;
    rows_wanted integer := least(greatest(coalesce(goal_phase.page_size, 200), 1), 400);
    after_id bigint := CASE WHEN goal_phase.cursor ~ '^\d{1,18}$'
        THEN goal_phase.cursor::bigint ELSE 0 END;
BEGIN
    RETURN QUERY
    WITH
        page AS MATERIALIZED (
            SELECT g.* FROM goal_phase_page(whole, is_deep, rows_wanted, after_id) AS g
        ),
        shown AS MATERIALIZED (
            SELECT p.* FROM page AS p ORDER BY p.id LIMIT rows_wanted
        ),
        calendar AS MATERIALIZED (
            SELECT c.*
            FROM (SELECT array_agg(DISTINCT s.home_id) AS units FROM shown AS s) AS needed
            CROSS JOIN LATERAL calendars_of(needed.units) AS c
        ),
        frame AS MATERIALIZED (
            SELECT
                f.goal_id,
                array_agg(f.target ORDER BY f.from_date) AS targets,
                array_agg(f.from_date - whole.from_date ORDER BY f.from_date) AS offsets,
                array_agg(coalesce(f.seasons, '') ORDER BY f.from_date) AS seasons
            FROM goal_frames(ARRAY(SELECT s.id FROM shown AS s)) AS f
            GROUP BY f.goal_id
        )
    SELECT
        p.handle,
        whole.from_date::text,
        whole.currency,
        CASE
            WHEN (SELECT count(*) FROM page) > rows_wanted THEN max(s.id) OVER ()::text
        END,
        u.path,
        coalesce(u.name, p.name),
        v.stretched_target,
        v.done,
        v.rebalanced_from::text,
        v.seasons,
        c.calendar_id,
        frame.targets,
        frame.offsets,
        frame.seasons,
        away.offsets,
        away.millis
    FROM shown AS s
    JOIN goal_version AS v ON v.goal_id = s.id AND v.version = s.version
    JOIN frame ON frame.goal_id = s.id
    JOIN calendar AS c ON c.unit_id = s.home_id
    LEFT JOIN unit AS u ON u.id = s.unit_id
    LEFT JOIN person AS p ON p.id = s.person_id
    CROSS JOIN LATERAL (
        SELECT
            array_agg(l.date - whole.from_date ORDER BY l.date) AS offsets,
            array_agg(l.away_milli ORDER BY l.date) AS millis
        FROM leave AS l
        WHERE
            l.person_id = s.person_id
            AND l.date BETWEEN whole.from_date AND whole.to_date
    ) AS away
    ORDER BY s.id;
END;
$$;
