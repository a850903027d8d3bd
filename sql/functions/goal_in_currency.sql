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
        worth AS (
            SELECT w.*, w.kept_in IS DISTINCT FROM goal_in_currency.currency AS is_foreign
            FROM goals_worth(
                goal_in_currency.nodes, goal_in_currency.metric, goal_in_currency.from_date,
                goal_in_currency.to_date, goal_in_currency.currency
            ) AS w
            WHERE
                w.from_date = goal_in_currency.from_date
                AND w.to_date = goal_in_currency.to_date
        )
    SELECT
        w.place,
        sum(w.target) FILTER (
            WHERE w.currency IS NOT DISTINCT FROM goal_in_currency.currency
        )::bigint,
        sum(w.stretched_target) FILTER (
            WHERE w.currency IS NOT DISTINCT FROM goal_in_currency.currency
        )::bigint,
        -- Of the one kept in the very currency, where there is one.
        (array_agg(w.stretch_milli ORDER BY w.is_foreign, w.kept_in))[1],
        (array_agg(w.locked ORDER BY w.is_foreign, w.kept_in))[1],
        (array_agg(w.version ORDER BY w.is_foreign, w.kept_in))[1],
        string_agg(w.kept_in, ', ' ORDER BY w.kept_in) FILTER (WHERE w.is_foreign),
        CASE
            WHEN count(*) FILTER (WHERE w.is_foreign) = 1
            THEN min(w.kept) FILTER (WHERE w.is_foreign)
        END,
        CASE
            WHEN count(w.rate) = count(*) FILTER (WHERE w.is_foreign)
            THEN string_agg(w.rate, ', ' ORDER BY w.kept_in)
        END,
        string_agg(w.rate_date, ', ' ORDER BY w.kept_in)
    FROM worth AS w
    GROUP BY w.place;
$$;
