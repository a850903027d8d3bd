-- The shortest goal around a slot's range, phased: what it asks for on the days of the range (2.6),
-- those before a re-balance as they were (2.9). worth and first_days as of report_goals_tiling().
CREATE OR REPLACE FUNCTION report_goals_phased(slots report_slot[])
RETURNS TABLE (
    slot integer,
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
                SELECT DISTINCT ON (g.slot, g.metric, g.currency)
                    g.*,
                    s.calendar_unit_id,
                    s.from_date AS first_day,
                    s.to_date AS last_day,
                    s.currency AS slot_currency
                FROM report_goals(report_goals_phased.slots) AS g
                JOIN unnest(report_goals_phased.slots) AS s ON s.slot = g.slot
                WHERE
                    g.from_date <= s.from_date
                    AND g.to_date >= s.to_date
                    AND (g.from_date, g.to_date) <> (s.from_date, s.to_date)
                ORDER BY
                    g.slot, g.metric, g.currency, g.to_date - g.from_date, g.from_date
            ) AS a
        )
    SELECT
        a.slot,
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
