-- PaceService.Show: the scope (slot 0) and what is right below it, all in the scope's currency; of
-- the scope also by which rates, and what has none. What was done is read up to the day asked
-- about, targets and working time of the whole period.
CREATE OR REPLACE FUNCTION pace_rows(
    unit text,
    person text,
    from_date text,
    to_date text,
    metric text,
    as_of text,
    in_currency text
)
RETURNS TABLE (
    slot integer,
    "group" text,
    name text,
    currency text,
    actual bigint,
    target bigint,
    target_source text,
    stretch_milli integer,
    working_millidays bigint,
    elapsed_millidays bigint,
    trend bigint[],
    planned_done bigint,
    planned_weight bigint,
    planned_weight_past bigint,
    unrated_currencies text[],
    unrated_targets text[],
    rate_currencies text[],
    rates text[],
    rate_dates text[]
)
LANGUAGE plpgsql
STABLE
SET plan_cache_mode = auto
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    whole report_slot := scope_in_currency(
        led_scope(pace_rows.unit, pace_rows.person, pace_rows.from_date, pace_rows.to_date),
        pace_rows.in_currency,
        false
    );
    day date := day_asked(whole, pace_rows.as_of);
    aim metric := metric_find(coalesce(pace_rows.metric, 'revenue'));
    slots report_slot[] := pace_slots(whole);
    goals report_goal[];
    so_far report_slot[];
BEGIN
    PERFORM plan_for(cardinality(slots));
    SELECT
        array_agg(
            ROW(
                s.slot, s.label, s.name, s.unit_id, s.person_id, s.own_only, s.within_id,
                s.goal_unit_id, s.goal_person_id, s.calendar_unit_id, s.currency, s.from_date,
                least(s.to_date, day)
            )::report_slot
        )
    INTO so_far
    FROM unnest(slots) AS s
    WHERE s.from_date <= day;
    goals := report_goals(slots, ARRAY[aim.metric]);
    RETURN QUERY
    WITH
        line AS (
            SELECT
                s.*,
                CASE WHEN aim.is_money THEN s.currency ELSE '' END AS line_currency
            FROM unnest(slots) AS s
        ),
        work AS MATERIALIZED (
            SELECT w.* FROM report_work_in_one(so_far, ARRAY[aim.metric], false, day) AS w
        ),
        target AS MATERIALIZED (
            SELECT t.* FROM report_targets(slots, goals, ARRAY[aim.metric], false, day) AS t
        )
    SELECT
        s.slot,
        s.label,
        s.name,
        nullif(s.line_currency, ''),
        coalesce(w.effective, 0),
        t.target,
        t.target_source,
        t.stretch_milli,
        d.working_millidays,
        d.elapsed_millidays,
        r.trend,
        p.planned_done,
        p.planned_weight,
        p.planned_weight_past,
        CASE WHEN s.slot = 0 THEN (
            SELECT array_agg(o.currency)
            FROM (
                SELECT w.currency FROM work AS w WHERE w.slot = 0 AND w.effective <> 0
                UNION
                SELECT t.currency FROM target AS t WHERE t.slot = 0
            ) AS o
            WHERE o.currency <> s.line_currency
        ) END,
        CASE WHEN s.slot = 0 THEN (
            SELECT array_agg(t.currency)
            FROM target AS t
            WHERE t.slot = 0 AND t.currency <> s.line_currency
        ) END,
        u.currencies,
        u.rates,
        u.dates
    FROM line AS s
    JOIN report_days(slots, day) AS d ON d.slot = s.slot
    LEFT JOIN work AS w
        ON w.slot = s.slot AND w.currency = s.line_currency
    LEFT JOIN target AS t
        ON t.slot = s.slot AND t.currency = s.line_currency
    LEFT JOIN report_trend(so_far, ARRAY[aim.metric], false, day) AS r
        ON r.slot = s.slot AND r.currency = s.line_currency
    LEFT JOIN report_plans(goals, day) AS p
        ON p.slot = s.slot AND p.metric = aim.metric AND p.currency = s.line_currency
    CROSS JOIN LATERAL rates_told(w.rates || t.rates) AS u
    -- Those who neither sell nor are asked to need no line.
    WHERE s.slot = 0 OR t.target IS NOT NULL OR w.effective <> 0 OR NOT (
        s.own_only OR s.person_id IS NOT NULL
    )
    ORDER BY s.slot;
END;
$$;
