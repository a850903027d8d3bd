-- GoalService.Show: a unit's goals, and under each what is right below the unit today with its
-- goal for the same metric and period, with coverage (2.4) for both. A goal that only those right
-- below have is shown too, over a unit that has none. Goals in other currencies than the one asked
-- for, or the unit's own, are in it at the rate of their first day; without a rate, and with
-- by_currency, they have lines of their own. With a range, the goals of just that period, or where
-- a metric has none those of periods that overlap it; without one, those that have not ended.
CREATE OR REPLACE FUNCTION goal_show(
    INOUT unit text,
    INOUT metric text,
    INOUT from_date text,
    INOUT to_date text,
    in_currency text,
    by_currency boolean,
    OUT person text,
    OUT name text,
    OUT level integer,
    OUT target bigint,
    OUT stretched_target bigint,
    OUT currency text,
    OUT version integer,
    OUT locked boolean,
    OUT stretch_milli integer,
    OUT children_target bigint,
    OUT coverage_gap bigint,
    OUT share_milli integer,
    OUT own_currency text,
    OUT own_target bigint,
    OUT rate text,
    OUT rate_date text
)
RETURNS SETOF record
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    home bigint := unit_or_home(goal_show.unit);
    first_day date := coalesce(date_of(goal_show.from_date, 'from_date'), unit_today(home));
    last_day date := coalesce(date_of(goal_show.to_date, 'to_date'), 'infinity');
    money text := CASE
        WHEN NOT coalesce(goal_show.by_currency, false)
        THEN coalesce(currency_read(goal_show.in_currency), unit_currency(home))
    END;
    aim text;
    nodes goal_node[] := goal_scope_nodes(home, NULL, 2);
BEGIN
    IF goal_show.metric IS NOT NULL THEN
        aim := (metric_find(goal_show.metric)).metric;
    END IF;
    RETURN QUERY
    WITH
        there AS MATERIALIZED (
            SELECT
                w.place, w.level, w.metric, w.from_date, w.to_date, w.currency,
                sum(w.target)::bigint AS target,
                sum(w.stretched_target)::bigint AS stretched_target,
                -- Of the one kept in the very currency, where there is one.
                (array_agg(w.version ORDER BY w.is_other, w.kept_in))[1] AS version,
                (array_agg(w.locked ORDER BY w.is_other, w.kept_in))[1] AS locked,
                (array_agg(w.stretch_milli ORDER BY w.is_other, w.kept_in))[1] AS stretch_milli,
                string_agg(w.kept_in, ', ' ORDER BY w.kept_in) FILTER (WHERE w.is_other)
                    AS own_currency,
                CASE
                    WHEN count(*) FILTER (WHERE w.is_other) = 1
                    THEN min(w.kept) FILTER (WHERE w.is_other)
                END AS own_target,
                string_agg(w.rate, ', ' ORDER BY w.kept_in) AS rate,
                string_agg(w.rate_date, ', ' ORDER BY w.kept_in) AS rate_date
            FROM goals_worth(nodes, aim, first_day, last_day, money) AS w
            GROUP BY w.place, w.level, w.metric, w.from_date, w.to_date, w.currency
        ),
        period AS (
            SELECT DISTINCT
                t.metric,
                t.from_date,
                t.to_date,
                t.currency,
                t.from_date = first_day AND t.to_date = last_day AS is_asked
            FROM there AS t
            WHERE t.level <= 1
        ),
        whole AS MATERIALIZED (
            SELECT p.metric, p.from_date, p.to_date, p.currency
            FROM period AS p
            WHERE
                p.is_asked
                OR NOT EXISTS (
                    SELECT FROM period AS o WHERE o.metric = p.metric AND o.is_asked
                )
        ),
        line AS MATERIALIZED (
            SELECT
                whole.metric,
                whole.from_date,
                whole.to_date,
                whole.currency,
                n.place,
                n.parent,
                n.level,
                n.unit_id,
                n.reference,
                n.name,
                n.is_rep,
                t.target,
                t.stretched_target,
                t.version,
                t.locked,
                t.stretch_milli,
                t.own_currency,
                t.own_target,
                t.rate,
                t.rate_date
            FROM whole
            CROSS JOIN unnest(nodes) AS n
            LEFT JOIN there AS t
                ON
                    t.place = n.place
                    AND t.metric = whole.metric
                    AND t.from_date = whole.from_date
                    AND t.to_date = whole.to_date
                    AND t.currency IS NOT DISTINCT FROM whole.currency
        ),
        below AS MATERIALIZED (
            SELECT l.metric, l.from_date, l.to_date, l.currency, l.parent, sum(l.target) AS target
            FROM line AS l
            GROUP BY 1, 2, 3, 4, 5
        )
    SELECT
        CASE WHEN l.unit_id IS NOT NULL THEN l.reference END,
        l.metric,
        l.from_date::text,
        l.to_date::text,
        CASE WHEN l.unit_id IS NULL THEN l.reference END,
        l.name,
        l.level,
        l.target,
        l.stretched_target,
        l.currency,
        l.version,
        l.locked,
        l.stretch_milli,
        below.target::bigint,
        (below.target - l.stretched_target)::bigint,
        CASE WHEN l.level = 1 THEN
            round(l.target * 1000.0 / nullif(top.stretched_target, 0))::integer
        END,
        l.own_currency,
        l.own_target,
        l.rate,
        l.rate_date
    FROM line AS l
    JOIN line AS top
        ON
            top.place = 0
            AND top.metric = l.metric
            AND top.from_date = l.from_date
            AND top.to_date = l.to_date
            AND top.currency IS NOT DISTINCT FROM l.currency
    JOIN metric AS m ON m.metric = l.metric
    LEFT JOIN below
        ON
            below.parent = l.place
            AND below.metric = l.metric
            AND below.from_date = l.from_date
            AND below.to_date = l.to_date
            AND below.currency IS NOT DISTINCT FROM l.currency
    LEFT JOIN below AS beside
        ON
            beside.parent = l.parent
            AND beside.metric = l.metric
            AND beside.from_date = l.from_date
            AND beside.to_date = l.to_date
            AND beside.currency IS NOT DISTINCT FROM l.currency
    WHERE
        l.level = 0
        OR (
            l.level = 1
            AND (l.target IS NOT NULL OR (l.is_rep IS NOT FALSE AND beside.target IS NOT NULL))
        )
    ORDER BY m.position, l.metric, l.from_date, l.to_date, l.currency, l.level, l.place;
END;
$$;
