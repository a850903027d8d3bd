-- The goals in force of many nodes for a metric and period in one currency. Who has none in it, but
-- one in another, is converted at the rate of the period's first day; without a rate there is no
-- figure, only the goal's own.
CREATE OR REPLACE FUNCTION goal_in_currency(
    nodes goal_node[],
    metric text,
    from_date date,
    to_date date,
    currency text
)
RETURNS TABLE (
    node integer,
    target bigint,
    stretched_target bigint,
    stretch_milli integer,
    locked boolean,
    version integer,
    own_currency text,
    own_target bigint,
    rate text,
    rate_date text
)
LANGUAGE sql
STABLE
ROWS 100
AS $$
    WITH
        goal_there AS (
            SELECT n.place, g.id, g.version, g.currency
            FROM unnest(goal_in_currency.nodes) AS n
            JOIN goal AS g
                ON
                    g.unit_id = n.unit_id
                    AND g.metric = goal_in_currency.metric
                    AND g.from_date = goal_in_currency.from_date
                    AND g.to_date = goal_in_currency.to_date
            UNION ALL
            SELECT n.place, g.id, g.version, g.currency
            FROM unnest(goal_in_currency.nodes) AS n
            JOIN goal AS g
                ON
                    g.person_id = n.person_id
                    AND g.metric = goal_in_currency.metric
                    AND g.from_date = goal_in_currency.from_date
                    AND g.to_date = goal_in_currency.to_date
        ),
        chosen AS (
            SELECT DISTINCT ON (t.place)
                t.*,
                t.currency IS DISTINCT FROM goal_in_currency.currency AS is_foreign
            FROM goal_there AS t
            ORDER BY
                t.place,
                t.currency IS DISTINCT FROM goal_in_currency.currency,
                t.currency
        )
    SELECT
        c.place,
        CASE
            WHEN c.is_foreign
            THEN rate_apply(v.target, c.currency, goal_in_currency.currency, r.rate)
            ELSE v.target
        END,
        CASE
            WHEN c.is_foreign
            THEN rate_apply(v.stretched_target, c.currency, goal_in_currency.currency, r.rate)
            ELSE v.stretched_target
        END,
        v.stretch_milli,
        v.locked,
        v.version,
        CASE WHEN c.is_foreign THEN c.currency END,
        CASE WHEN c.is_foreign THEN v.target END,
        trim_scale(r.rate)::text,
        r.from_date::text
    FROM chosen AS c
    JOIN goal_version AS v ON v.goal_id = c.id AND v.version = c.version
    LEFT JOIN LATERAL rate_on(
        c.currency, goal_in_currency.currency, goal_in_currency.from_date
    ) AS r ON c.is_foreign;
$$;
