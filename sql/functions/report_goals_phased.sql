-- Of report_goals() the shortest around a slot's range, phased: what it asks for on the days of the
-- range (2.6), those before a re-balance as they were (2.9). On a single day a standard goes before
-- it: a goal of the month never lowers what is asked of every day. Columns as of
-- report_goals_tiling().
CREATE OR REPLACE FUNCTION report_goals_phased(goals report_goal[])
RETURNS TABLE (
    slot integer,
    slot_currency text,
    metric text,
    currency text,
    target bigint,
    bare bigint,
    worth bigint,
    first_days date[]
)
LANGUAGE sql
STABLE
ROWS 100
AS $$
    WITH
        around AS MATERIALIZED (
            SELECT a.*, row_number() OVER ()::integer AS place
            FROM (
                SELECT DISTINCT ON (g.slot, g.metric, g.currency) g.*
                FROM unnest(report_goals_phased.goals) AS g
                WHERE
                    g.from_date <= g.first_day
                    AND g.to_date >= g.last_day
                    AND (g.from_date, g.to_date) <> (g.first_day, g.last_day)
                    AND (
                        g.first_day < g.last_day
                        OR NOT EXISTS (SELECT FROM standard AS d WHERE d.metric = g.metric)
                    )
                ORDER BY
                    g.slot, g.metric, g.currency, g.to_date - g.from_date, g.from_date
            ) AS a
        )
    SELECT
        a.slot,
        a.slot_currency,
        a.metric,
        a.currency,
        t.target,
        round(t.target::numeric * a.bare / nullif(a.target, 0))::bigint,
        goal_worth(t.target, a.currency, a.slot_currency, a.from_date),
        ARRAY[a.from_date]
    FROM around AS a
    JOIN goal_ask_targets(
        ARRAY(
            SELECT ROW(o.place, o.goal_id, o.calendar_unit_id, o.first_day, o.last_day)::goal_ask
            FROM around AS o
        )
    ) AS t ON t.place = a.place;
$$;
