-- For goal_import(): goals as they are to be in force, and which of them that changed. Of one that
-- comes twice nothing is written.
CREATE OR REPLACE FUNCTION goal_import_goals(goals goal_row_in [], wanted goal_in [])
RETURNS TABLE (line integer, changed boolean, field text, code text, message text)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    before jsonb;
    stretched_there bigint;
BEGIN
    RETURN QUERY
    SELECT l.line, NULL::boolean, 'line', 'goal_twice', ''
    FROM (
        SELECT
            w.ordinality AS place,
            row_number() OVER (
                PARTITION BY
                    w.unit_id, w.person_id, w.metric, w.from_date, w.to_date, w.currency
                ORDER BY w.ordinality
            ) AS turn
        FROM unnest(goal_import_goals.wanted) WITH ORDINALITY AS w
    ) AS t
    JOIN unnest(goal_import_goals.goals) WITH ORDINALITY AS l ON l.ordinality = t.place
    WHERE t.turn > 1;
    IF FOUND THEN
        RETURN;
    END IF;
    SELECT jsonb_object_agg(f.place, f.version) INTO before
    FROM goals_find(goal_import_goals.wanted) AS f;
    -- A line is the whole goal: one without a stretch ends that in force, which NULL would leave.
    FOR stretched_there IN
        SELECT f.place
        FROM goals_find(goal_import_goals.wanted) AS f
        JOIN goal_version AS v ON v.goal_id = f.goal_id AND v.version = f.version
        WHERE v.stretch_milli > 0
    LOOP
        wanted[stretched_there].stretch_milli := coalesce(wanted[stretched_there].stretch_milli, 0);
    END LOOP;
    PERFORM goals_write(goal_import_goals.wanted);
    RETURN QUERY
    SELECT
        l.line,
        coalesce((before ->> f.place::text)::integer, 0) <> f.version,
        NULL,
        NULL,
        NULL
    FROM goals_find(goal_import_goals.wanted) AS f
    JOIN unnest(goal_import_goals.goals) WITH ORDINALITY AS l ON l.ordinality = f.place
    ORDER BY f.place;
END;
$$;
