-- New versions of goals, where target, lock, stretch, method or re-balance differ from what is in
-- force; a goal that is new is version 1. Locks the goals' rows in the order of their ids: writers
-- of the same goals queue here, and what they saw is checked behind the lock.
CREATE OR REPLACE FUNCTION goals_write(goals goal_in [])
RETURNS void
LANGUAGE plpgsql
SET plan_cache_mode = auto
AS $$
#variable_conflict use_column
BEGIN
    PERFORM plan_for(cardinality(goals_write.goals));
    INSERT INTO goal (unit_id, person_id, metric, from_date, to_date, currency)
    SELECT i.unit_id, i.person_id, i.metric, i.from_date, i.to_date, i.currency
    FROM unnest(goals_write.goals) WITH ORDINALITY AS i
    LEFT JOIN goals_find(goals_write.goals) AS f ON f.place = i.ordinality
    WHERE f.place IS NULL
    ORDER BY i.ordinality
    ON CONFLICT ON CONSTRAINT goal_key DO NOTHING;

    PERFORM
    FROM goal AS g
    WHERE g.id IN (SELECT f.goal_id FROM goals_find(goals_write.goals) AS f)
    ORDER BY g.id
    FOR NO KEY UPDATE;
    PERFORM goals_check(goals_write.goals);

    WITH
        wanted AS MATERIALIZED (
            SELECT
                i.*,
                f.goal_id,
                f.version,
                coalesce(i.locked, v.locked, false) AS locked_now,
                coalesce(i.stretch_milli, v.stretch_milli) AS stretch_now,
                coalesce(i.method, v.method) AS method_now,
                coalesce(i.rebalanced_from, v.rebalanced_from) AS rebalanced_now,
                coalesce(i.done, v.done) AS done_now,
                nullif(coalesce(i.seasons, v.seasons), 'none') AS seasons_now,
                f.version = 0
                OR v.target <> i.target
                OR v.stretched_target <> i.stretched_target
                OR v.locked <> coalesce(i.locked, v.locked)
                OR v.stretch_milli IS DISTINCT FROM coalesce(i.stretch_milli, v.stretch_milli)
                OR v.method IS DISTINCT FROM coalesce(i.method, v.method)
                OR v.rebalanced_from
                IS DISTINCT FROM coalesce(i.rebalanced_from, v.rebalanced_from)
                OR v.done IS DISTINCT FROM coalesce(i.done, v.done)
                OR v.seasons IS DISTINCT FROM nullif(coalesce(i.seasons, v.seasons), 'none')
                AS differs
            FROM unnest(goals_write.goals) WITH ORDINALITY AS i
            JOIN goals_find(goals_write.goals) AS f ON f.place = i.ordinality
            LEFT JOIN goal_version AS v ON v.goal_id = f.goal_id AND v.version = f.version
        ),
        changed AS MATERIALIZED (
            SELECT w.*
            FROM wanted AS w
            WHERE w.differs OR (w.level = 0 AND EXISTS (SELECT FROM wanted AS o WHERE o.differs))
        ),
        made AS (
            INSERT INTO goal_version (
                goal_id, version, target, stretched_target, locked, stretch_milli, method,
                rebalanced_from, done, seasons, reason, actor_id, made_at
            )
            SELECT
                c.goal_id,
                c.version + 1,
                c.target,
                c.stretched_target,
                c.locked_now,
                c.stretch_now,
                c.method_now,
                c.rebalanced_now,
                c.done_now,
                c.seasons_now,
                c.reason,
                actor(),
                now()
            FROM changed AS c
        )
    UPDATE goal AS g
    SET version = g.version + 1
    FROM changed AS c
    WHERE g.id = c.goal_id;
END;
$$;
