-- For goal_import(): goals with all their versions, each kept with the actor and the time that the
-- file states, beside who brings it and when.
CREATE OR REPLACE FUNCTION goal_import_versions(goals goal_row_in [], wanted goal_in [])
RETURNS TABLE (line integer, changed boolean, field text, code text, message text)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    fresh bigint[];
BEGIN
    RETURN QUERY
    SELECT b.line, NULL::boolean, b.field, b.code, b.message
    FROM goal_import_faults(goal_import_versions.goals, goal_import_versions.wanted) AS b;
    IF FOUND THEN
        RETURN;
    END IF;
    SELECT array_agg(w.ordinality) INTO fresh
    FROM unnest(goal_import_versions.wanted) WITH ORDINALITY AS w
    LEFT JOIN goals_find(goal_import_versions.wanted) AS f ON f.place = w.ordinality
    WHERE f.place IS NULL;

    INSERT INTO goal (unit_id, person_id, metric, from_date, to_date, currency, version)
    SELECT w.unit_id, w.person_id, w.metric, w.from_date, w.to_date, w.currency, count(*)
    FROM unnest(goal_import_versions.wanted) WITH ORDINALITY AS w
    WHERE w.ordinality = ANY (fresh)
    GROUP BY w.unit_id, w.person_id, w.metric, w.from_date, w.to_date, w.currency
    ORDER BY min(w.ordinality);

    INSERT INTO goal_version (
        goal_id, version, target, stretched_target, locked, stretch_milli, method,
        rebalanced_from, done, seasons, reason, actor_id, made_at, stated_actor, stated_at
    )
    SELECT
        f.goal_id, l.version, w.target, w.stretched_target, w.locked, w.stretch_milli, w.method,
        w.rebalanced_from, w.done, nullif(w.seasons, 'none'), w.reason, actor(), now(), l.actor,
        l.made_at
    FROM unnest(goal_import_versions.wanted) WITH ORDINALITY AS w
    JOIN goals_find(goal_import_versions.wanted) AS f ON f.place = w.ordinality
    JOIN unnest(goal_import_versions.goals) WITH ORDINALITY AS l ON l.ordinality = w.ordinality
    WHERE w.ordinality = ANY (fresh)
    ORDER BY w.ordinality;

    RETURN QUERY
    SELECT l.line, coalesce(l.ordinality = ANY (fresh), false), NULL, NULL, NULL
    FROM unnest(goal_import_versions.goals) WITH ORDINALITY AS l
    ORDER BY l.ordinality;
END;
$$;
