-- Refuses a change that was made on the sight of another version of a goal than the one in force;
-- NULL is content with any. Whoever writes holds the goal's row lock.
CREATE OR REPLACE FUNCTION check_goal_version(goal_id bigint, expected_version integer)
RETURNS void
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    last record;
BEGIN
    SELECT v.version, v.target, p.handle INTO last
    FROM goal AS g
    JOIN goal_version AS v ON v.goal_id = g.id AND v.version = g.version
    JOIN person AS p ON p.id = v.actor_id
    WHERE g.id = check_goal_version.goal_id;
    IF last.version <> check_goal_version.expected_version THEN
        PERFORM refuse('goal_changed', 'expected_version', last.version::text, last.handle);
    END IF;
END;
$$;
