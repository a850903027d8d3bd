-- The times between the re-balances of goals (2.9): from_date is the first day of one and until its
-- last, and on them holds what its last version laid on all days from from_date to last_day: what
-- was left then of the target, beside what was done.
CREATE OR REPLACE FUNCTION goal_frames(goals bigint[])
RETURNS TABLE (
    goal_id bigint,
    from_date date,
    until date,
    last_day date,
    target bigint,
    done bigint,
    seasons text
)
LANGUAGE sql
STABLE
ROWS 100
AS $$
    SELECT f.*
    FROM (
        SELECT
            v.goal_id,
            v.from_date,
            coalesce(
                lead(v.from_date) OVER (PARTITION BY v.goal_id ORDER BY v.from_date, v.version) - 1,
                v.to_date
            ) AS until,
            v.to_date,
            greatest(v.stretched_target - coalesce(v.done, 0), 0),
            coalesce(v.done, 0),
            v.seasons
        FROM (
            SELECT DISTINCT ON (o.goal_id, o.rebalanced_from)
                o.*, coalesce(o.rebalanced_from, g.from_date) AS from_date, g.to_date
            FROM goal_version AS o
            JOIN goal AS g ON g.id = o.goal_id
            WHERE o.goal_id = ANY (goal_frames.goals)
            ORDER BY o.goal_id, o.rebalanced_from, o.version DESC
        ) AS v
    ) AS f
    -- One of the goal's first day leaves none before it.
    WHERE f.from_date <= f.until;
$$;
