-- How far the reps of an office are on a working day of theirs (2.5): for each metric that asks
-- for something, the target is the daily standard (2.1) or the goal of that very day, whichever is
-- higher. Behind is what has less than the expected part of it (2.8). Sums of money are no matter
-- of hours, and are left out.
CREATE OR REPLACE FUNCTION day_progress(office_id bigint, day date, expected_milli integer)
RETURNS TABLE (
    person_id bigint,
    unit_id bigint,
    metric text,
    place integer,
    done bigint,
    target bigint,
    is_behind boolean
)
LANGUAGE sql
STABLE
AS $$
    WITH
        member AS MATERIALIZED (
            SELECT m.person_id, m.unit_id
            FROM membership AS m
            WHERE
                m.office_id = day_progress.office_id
                AND day_progress.day BETWEEN m.from_date AND m.to_date
                AND person_is_rep(m.person_id, m.unit_id, day_progress.day)
        ),
        team AS MATERIALIZED (
            SELECT u.unit_id, c.factor_milli
            FROM (SELECT DISTINCT member.unit_id FROM member) AS u
            CROSS JOIN LATERAL calendar_days(u.unit_id, day_progress.day, day_progress.day) AS c
        ),
        working AS MATERIALIZED (
            SELECT
                m.person_id,
                m.unit_id,
                t.factor_milli - coalesce(l.away_milli, 0) AS factor_milli
            FROM member AS m
            JOIN team AS t ON t.unit_id = m.unit_id
            LEFT JOIN leave AS l ON l.person_id = m.person_id AND l.date = day_progress.day
            WHERE t.factor_milli > coalesce(l.away_milli, 0)
        ),
        asked AS (
            -- A part of a unit is asked for whole, as fact_show_day_metrics() does.
            SELECT
                w.person_id,
                w.unit_id,
                s.metric,
                ceil(s.target * w.factor_milli / 1000.0)::bigint AS target
            FROM team AS t
            CROSS JOIN LATERAL standard_of(t.unit_id, day_progress.day) AS s
            JOIN working AS w ON w.unit_id = t.unit_id
            UNION ALL
            SELECT w.person_id, w.unit_id, g.metric, v.target
            FROM working AS w
            JOIN goal AS g
                ON
                    g.person_id = w.person_id
                    AND g.from_date = day_progress.day
                    AND g.to_date = day_progress.day
            JOIN goal_version AS v ON v.goal_id = g.id AND v.version = g.version
        ),
        wanted AS (
            SELECT a.person_id, a.unit_id, a.metric, max(a.target) AS target
            FROM asked AS a
            GROUP BY a.person_id, a.unit_id, a.metric
            HAVING max(a.target) > 0
        )
    SELECT
        w.person_id,
        w.unit_id,
        w.metric,
        m.position,
        coalesce(t.effective, 0),
        w.target,
        coalesce(t.effective, 0) * 1000 < w.target * day_progress.expected_milli
    FROM wanted AS w
    JOIN metric AS m ON m.metric = w.metric AND NOT m.is_money
    LEFT JOIN total AS t
        ON
            t.office_id = day_progress.office_id
            AND t.scope = 'p'
            AND t.scope_id = w.person_id
            AND t.grain = 'd'
            AND t.date = day_progress.day
            AND t.metric = w.metric
            AND t.currency = '';
$$;
