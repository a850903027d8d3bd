-- For goal_import_versions(): lines that cannot be the versions of their goals: who made one, and
-- when, is missing; they do not count 1, 2, 3; or the goal is there with others than these.
CREATE OR REPLACE FUNCTION goal_import_faults(goals goal_row_in [], wanted goal_in [])
RETURNS TABLE (line integer, field text, code text, message text)
LANGUAGE sql
STABLE
AS $$
    WITH
        row AS MATERIALIZED (
            SELECT
                w.*,
                l.line,
                l.version AS stated_version,
                l.actor AS stated_actor,
                l.made_at AS stated_at,
                f.goal_id,
                f.version AS last_version,
                row_number() OVER same AS turn,
                count(*) OVER (
                    PARTITION BY
                        w.unit_id, w.person_id, w.metric, w.from_date, w.to_date, w.currency
                ) AS versions
            FROM unnest(goal_import_faults.wanted) WITH ORDINALITY AS w
            JOIN unnest(goal_import_faults.goals) WITH ORDINALITY AS l
                ON l.ordinality = w.ordinality
            LEFT JOIN goals_find(goal_import_faults.wanted) AS f ON f.place = w.ordinality
            WINDOW
                same AS (
                    PARTITION BY
                        w.unit_id, w.person_id, w.metric, w.from_date, w.to_date, w.currency
                    ORDER BY w.ordinality
                )
        )
    SELECT
        r.line,
        CASE
            WHEN btrim(coalesce(r.stated_actor, '')) = '' THEN 'actor'
            WHEN r.stated_at IS NULL THEN 'made_at'
            ELSE 'version'
        END,
        CASE
            WHEN btrim(coalesce(r.stated_actor, '')) = '' OR r.stated_at IS NULL
            THEN 'missing_field'
            WHEN r.stated_version IS DISTINCT FROM r.turn THEN 'versions_not_whole'
            ELSE 'goal_has_history'
        END,
        CASE
            WHEN btrim(coalesce(r.stated_actor, '')) = '' THEN 'actor'
            WHEN r.stated_at IS NULL THEN 'made_at'
            WHEN r.stated_version IS DISTINCT FROM r.turn THEN r.turn::text
            ELSE r.last_version::text
        END
    FROM row AS r
    LEFT JOIN goal_version AS v ON v.goal_id = r.goal_id AND v.version = r.stated_version
    LEFT JOIN person AS a ON a.id = v.actor_id
    WHERE
        btrim(coalesce(r.stated_actor, '')) = ''
        OR r.stated_at IS NULL
        OR r.stated_version IS DISTINCT FROM r.turn
        OR (
            r.goal_id IS NOT NULL
            AND (
                r.versions <> r.last_version
                OR (
                    v.target, v.stretched_target, v.locked, v.stretch_milli, v.method,
                    v.rebalanced_from, v.done, v.seasons, v.reason,
                    coalesce(v.stated_actor, a.handle), coalesce(v.stated_at, v.made_at)
                ) IS DISTINCT FROM (
                    r.target, r.stretched_target, r.locked, r.stretch_milli, r.method,
                    r.rebalanced_from, r.done, nullif(r.seasons, 'none'), r.reason, r.stated_actor,
                    r.stated_at
                )
            )
        )
    ORDER BY r.ordinality;
$$;
