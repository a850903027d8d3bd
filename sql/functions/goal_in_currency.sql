-- The goals in force of many nodes for a metric and period in one currency: those kept in it, and
-- those kept in others at the rate of the period's first day, added. own_currency and what follows
-- tell of the others: their amount where it is one goal, and their rates where all have one. What
-- has none is not in the target.
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
        worth AS (
            SELECT
                t.place,
                t.currency,
                v.target AS own_target,
                v.stretch_milli,
                v.locked,
                v.version,
                f.is_foreign,
                r.rate,
                r.from_date AS rate_date,
                CASE
                    WHEN f.is_foreign
                    THEN rate_apply(v.target, t.currency, goal_in_currency.currency, r.rate)
                    ELSE v.target
                END AS target,
                CASE
                    WHEN f.is_foreign
                    THEN rate_apply(
                        v.stretched_target, t.currency, goal_in_currency.currency, r.rate
                    )
                    ELSE v.stretched_target
                END AS stretched_target
            FROM goal_there AS t
            JOIN goal_version AS v ON v.goal_id = t.id AND v.version = t.version
            CROSS JOIN LATERAL (
                SELECT t.currency IS DISTINCT FROM goal_in_currency.currency
            ) AS f (is_foreign)
            LEFT JOIN LATERAL rate_on(
                t.currency, goal_in_currency.currency, goal_in_currency.from_date
            ) AS r ON f.is_foreign
        )
    SELECT
        w.place,
        sum(w.target)::bigint,
        sum(w.stretched_target)::bigint,
        -- Of the one kept in the very currency, where there is one.
        (array_agg(w.stretch_milli ORDER BY w.is_foreign, w.currency))[1],
        (array_agg(w.locked ORDER BY w.is_foreign, w.currency))[1],
        (array_agg(w.version ORDER BY w.is_foreign, w.currency))[1],
        string_agg(w.currency, ', ' ORDER BY w.currency) FILTER (WHERE w.is_foreign),
        CASE
            WHEN count(*) FILTER (WHERE w.is_foreign) = 1
            THEN min(w.own_target) FILTER (WHERE w.is_foreign)
        END,
        CASE
            WHEN count(w.rate) = count(*) FILTER (WHERE w.is_foreign)
            THEN string_agg(trim_scale(w.rate)::text, ', ' ORDER BY w.currency)
        END,
        string_agg(w.rate_date::text, ', ' ORDER BY w.currency)
    FROM worth AS w
    GROUP BY w.place;
$$;
