-- Of report_goals() those that fill a slot's range from its first day to its last without gap or
-- overlap, summed: one of exactly that range, or the months of a quarter. From each day on the
-- longest that fits is taken. worth is the target in the slot's currency, each goal at the rate of
-- its first day; NULL where one has no rate. first_days are those of the goals.
CREATE OR REPLACE FUNCTION report_goals_tiling(goals report_goal[])
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
    WITH RECURSIVE
        inside AS MATERIALIZED (
            SELECT DISTINCT ON (g.slot, g.metric, g.currency, g.from_date)
                g.*,
                goal_worth(g.target, g.currency, g.slot_currency, g.from_date) AS worth
            FROM unnest(report_goals_tiling.goals) AS g
            WHERE g.from_date >= g.first_day AND g.to_date <= g.last_day
            ORDER BY g.slot, g.metric, g.currency, g.from_date, g.to_date DESC
        ),
        chain AS (
            SELECT
                i.slot, i.slot_currency, i.metric, i.currency, i.to_date, i.last_day, i.target,
                i.bare, i.worth, ARRAY[i.from_date] AS first_days
            FROM inside AS i
            WHERE i.from_date = i.first_day
            UNION ALL
            SELECT
                i.slot, i.slot_currency, i.metric, i.currency, i.to_date, i.last_day,
                chain.target + i.target, chain.bare + i.bare, chain.worth + i.worth,
                chain.first_days || i.from_date
            FROM chain
            JOIN inside AS i
                ON
                    i.slot = chain.slot
                    AND i.metric = chain.metric
                    AND i.currency = chain.currency
                    AND i.from_date = chain.to_date + 1
        )
    SELECT
        chain.slot, chain.slot_currency, chain.metric, chain.currency, chain.target, chain.bare,
        chain.worth, chain.first_days
    FROM chain
    WHERE chain.to_date = chain.last_day;
$$;
