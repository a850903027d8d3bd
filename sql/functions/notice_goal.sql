-- Trigger of goal_version, once a statement: whose goal it is hears that it was set or changed
-- (2.2), and whoever leads the unit whose it is; but not the one who did it. One statement may
-- change many of a person's: it is told of the one with the longest period, and how many more there
-- are. What is over, or only a lock or a way to split, is no news.
CREATE OR REPLACE FUNCTION notice_goal()
RETURNS trigger
LANGUAGE plpgsql
-- As in audit_goal().
SET enable_seqscan = off
AS $$
DECLARE
    told notice_in[];
BEGIN
    WITH
        news AS (
            SELECT
                n.target,
                n.reason,
                last.target AS target_before,
                g.*
            FROM new_rows AS n
            JOIN goal AS g ON g.id = n.goal_id
            LEFT JOIN goal_version AS last
                ON last.goal_id = n.goal_id AND last.version = n.version - 1
            WHERE g.to_date >= current_date AND n.target IS DISTINCT FROM last.target
        ),
        listener AS (
            SELECT news.person_id AS listener_id, false AS led_only, news.*
            FROM news
            WHERE news.person_id IS NOT NULL
            UNION ALL
            SELECT DISTINCT r.person_id, true, news.*
            FROM news
            JOIN role_grant AS r
                ON
                    r.unit_id = news.unit_id
                    AND r.role <> 'admin'
                    AND current_date BETWEEN r.from_date AND r.to_date
        ),
        first_of_each AS (
            SELECT DISTINCT ON (l.listener_id)
                l.*,
                count(*) OVER (PARTITION BY l.listener_id) - 1 AS more
            FROM listener AS l
            WHERE l.listener_id <> actor()
            ORDER BY l.listener_id, l.to_date - l.from_date DESC, l.id
        )
    SELECT
        array_agg(
            (
                f.listener_id,
                'goal',
                NULL,
                NULL,
                f.unit_id,
                f.led_only,
                jsonb_build_object(
                    'metric', f.metric,
                    'from_date', f.from_date,
                    'to_date', f.to_date,
                    'target_before', f.target_before,
                    'target', f.target,
                    'currency', f.currency,
                    'reason', left(f.reason, 500),
                    'more', nullif(f.more, 0)
                )
            )::notice_in
        )
    INTO told
    FROM first_of_each AS f;
    IF told IS NOT NULL THEN
        PERFORM notices_add(told);
    END IF;
    RETURN NULL;
END;
$$;
