-- The goals of nodes that overlap a range, of one metric or of all, each in a currency: at the rate
-- of its first day where it is kept in another, or as it is kept where there is no rate, or no
-- currency is asked for. Each node's are looked up by themselves, as in goal_of_nodes().
CREATE OR REPLACE FUNCTION goals_worth(
    nodes goal_node[],
    aim text,
    first_day date,
    last_day date,
    money text
)
RETURNS TABLE (
    place integer,
    level integer,
    metric text,
    from_date date,
    to_date date,
    currency text,
    target bigint,
    stretched_target bigint,
    version integer,
    locked boolean,
    stretch_milli integer,
    kept_in text,
    kept bigint,
    is_other boolean,
    rate text,
    rate_date text
)
LANGUAGE sql
STABLE
ROWS 100
AS $$
    SELECT
        n.place,
        n.level,
        g.metric,
        g.from_date,
        g.to_date,
        CASE WHEN r.rate IS NULL THEN g.currency ELSE goals_worth.money END,
        CASE
            WHEN r.rate IS NULL THEN v.target
            ELSE rate_apply(v.target, g.currency, goals_worth.money, r.rate)
        END,
        CASE
            WHEN r.rate IS NULL THEN v.stretched_target
            ELSE rate_apply(v.stretched_target, g.currency, goals_worth.money, r.rate)
        END,
        v.version,
        v.locked,
        v.stretch_milli,
        g.currency,
        v.target,
        r.rate IS NOT NULL,
        trim_scale(r.rate)::text,
        r.from_date::text
    FROM unnest(goals_worth.nodes) AS n
    CROSS JOIN LATERAL (
        SELECT g.*
        FROM goal AS g
        WHERE
            g.unit_id = n.unit_id
            AND g.from_date <= goals_worth.last_day
            AND g.to_date >= goals_worth.first_day
            AND g.metric = coalesce(goals_worth.aim, g.metric)
        UNION ALL
        SELECT g.*
        FROM goal AS g
        WHERE
            g.person_id = n.person_id
            AND g.from_date <= goals_worth.last_day
            AND g.to_date >= goals_worth.first_day
            AND g.metric = coalesce(goals_worth.aim, g.metric)
        OFFSET 0
    ) AS g
    JOIN goal_version AS v ON v.goal_id = g.id AND v.version = g.version
    LEFT JOIN LATERAL rate_on(
        g.currency, goals_worth.money, g.from_date
    ) AS r ON g.currency <> goals_worth.money;
$$;
