-- Refuses a change that was made on the sight of other versions than those in force, and says what
-- changed under it. Whoever writes holds the rows' locks.
CREATE OR REPLACE FUNCTION goals_check(goals goal_in [])
RETURNS void
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    other record;
BEGIN
    -- Found before it is described: with LIMIT in sight the planner would join by loops.
    WITH
        stale AS MATERIALIZED (
            SELECT i.*, f.goal_id, f.version
            FROM unnest(goals_check.goals) WITH ORDINALITY AS i
            LEFT JOIN goals_find(goals_check.goals) AS f ON f.place = i.ordinality
            WHERE i.version_before <> coalesce(f.version, 0)
        )
    SELECT
        coalesce(u.path, p.handle) AS scope,
        s.version_before,
        s.version,
        last.stretched_target AS target,
        seen.stretched_target AS target_before,
        s.currency,
        a.handle AS actor,
        to_char(
            last.made_at AT TIME ZONE unit_time_zone(coalesce(s.unit_id, person_unit(s.person_id))),
            'YYYY-MM-DD HH24:MI'
        ) AS made_at
    INTO other
    FROM stale AS s
    LEFT JOIN goal_version AS last ON last.goal_id = s.goal_id AND last.version = s.version
    LEFT JOIN goal_version AS seen
        ON seen.goal_id = s.goal_id AND seen.version = s.version_before
    LEFT JOIN person AS a ON a.id = last.actor_id
    LEFT JOIN unit AS u ON u.id = s.unit_id
    LEFT JOIN person AS p ON p.id = s.person_id
    ORDER BY s.ordinality
    LIMIT 1;
    IF NOT FOUND THEN
        RETURN;
    ELSIF coalesce(other.version, 0) = 0 THEN
        PERFORM refuse('goal_not_set', 'expected_version', other.version_before::text);
    END IF;
    PERFORM refuse(
        'goal_changed',
        'expected_version',
        other.scope,
        other.actor,
        other.made_at,
        amount_text(other.target_before, other.currency),
        amount_text(other.target, other.currency),
        other.version::text
    );
END;
$$;
