-- What a split, a split along time and a re-balance come to, written unless it is a dry run, and
-- told: the goal itself above its parts. A dry run answers with the versions that are there.
CREATE OR REPLACE FUNCTION goal_plan_write(
    INOUT parent_target bigint,
    INOUT stretched_target bigint,
    INOUT stretch_milli integer,
    INOUT currency text,
    dry_run boolean,
    goals goal_in [],
    OUT parent_version integer,
    OUT unit text,
    OUT person text,
    OUT name text,
    OUT level integer,
    OUT from_date text,
    OUT to_date text,
    OUT weight bigint,
    OUT locked boolean,
    OUT target_before bigint,
    OUT target bigint,
    OUT done bigint,
    OUT version integer
)
RETURNS SETOF record
LANGUAGE plpgsql
SET plan_cache_mode = auto
AS $$
#variable_conflict use_column
DECLARE
    before bigint[];
BEGIN
    PERFORM plan_for(cardinality(goal_plan_write.goals));
    -- By place in the list.
    SELECT array_agg(v.target ORDER BY i.ordinality) INTO before
    FROM unnest(goal_plan_write.goals) WITH ORDINALITY AS i
    LEFT JOIN goals_find(goal_plan_write.goals) AS f ON f.place = i.ordinality
    LEFT JOIN goal_version AS v ON v.goal_id = f.goal_id AND v.version = f.version;
    IF goal_plan_write.dry_run THEN
        PERFORM goals_check(goal_plan_write.goals);
    ELSE
        PERFORM goals_write(goal_plan_write.goals);
    END IF;
    RETURN QUERY
    SELECT
        goal_plan_write.parent_target,
        goal_plan_write.stretched_target,
        goal_plan_write.stretch_milli,
        goal_plan_write.currency,
        (
            SELECT top.version
            FROM goals_find(goal_plan_write.goals[1:1]) AS top
        ),
        u.path,
        p.handle,
        coalesce(u.name, p.name),
        i.level,
        i.from_date::text,
        i.to_date::text,
        i.weight,
        i.locked,
        before[i.ordinality],
        i.target,
        i.done,
        f.version
    FROM unnest(goal_plan_write.goals) WITH ORDINALITY AS i
    LEFT JOIN goals_find(goal_plan_write.goals) AS f ON f.place = i.ordinality
    LEFT JOIN unit AS u ON u.id = i.unit_id
    LEFT JOIN person AS p ON p.id = i.person_id
    WHERE i.level > 0
    ORDER BY i.ordinality;
END;
$$;
