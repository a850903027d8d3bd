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
    SELECT
        coalesce(u.path, p.handle) AS scope,
        i.version_before,
        f.version,
        last.stretched_target AS target,
        seen.stretched_target AS target_before,
        i.currency,
        a.handle AS actor,
        to_char(
            last.made_at AT TIME ZONE unit_time_zone(coalesce(i.unit_id, person_unit(i.person_id))),
            'YYYY-MM-DD HH24:MI'
        ) AS made_at
    INTO other
    FROM unnest(goals_check.goals) WITH ORDINALITY AS i
    LEFT JOIN goals_find(goals_check.goals) AS f ON f.place = i.ordinality
    LEFT JOIN goal_version AS last ON last.goal_id = f.goal_id AND last.version = f.version
    LEFT JOIN goal_version AS seen
        ON seen.goal_id = f.goal_id AND seen.version = i.version_before
    LEFT JOIN person AS a ON a.id = last.actor_id
    LEFT JOIN unit AS u ON u.id = i.unit_id
    LEFT JOIN person AS p ON p.id = i.person_id
    WHERE i.version_before <> coalesce(f.version, 0)
    ORDER BY i.ordinality
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
