-- PaceService.Show: the scope (slot 0) and what is right below it, in the slot's own currency. What
-- was done is read up to the day asked about, targets and working time of the whole period.
CREATE OR REPLACE FUNCTION pace_rows(
    unit text,
    person text,
    from_date text,
    to_date text,
    metric text,
    as_of text
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
    planned_weight_past bigint
)
LANGUAGE plpgsql
STABLE
SET plan_cache_mode = auto
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    whole report_slot := led_scope(
        pace_rows.unit, pace_rows.person, pace_rows.from_date, pace_rows.to_date
    );
    day date := day_asked(whole, pace_rows.as_of);
    aim metric := metric_find(coalesce(pace_rows.metric, 'revenue'));
    slots report_slot[] := pace_slots(whole);
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
    RETURN QUERY
    WITH
        line AS (
            SELECT
                s.*,
                CASE WHEN aim.is_money THEN s.currency ELSE '' END AS line_currency
            FROM unnest(slots) AS s
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
        p.planned_weight_past
    FROM line AS s
    JOIN report_days(slots, day) AS d ON d.slot = s.slot
    LEFT JOIN report_work(so_far, ARRAY[aim.metric], false, day) AS w
        ON w.slot = s.slot AND w.currency = s.line_currency
    LEFT JOIN report_targets(slots, ARRAY[aim.metric], false, day) AS t
        ON t.slot = s.slot AND t.currency = s.line_currency
    LEFT JOIN report_trend(so_far, ARRAY[aim.metric], false, day) AS r
        ON r.slot = s.slot AND r.currency = s.line_currency
    LEFT JOIN report_plans(slots, day) AS p
        ON p.slot = s.slot AND p.metric = aim.metric AND p.currency = s.line_currency
    -- Those who neither sell nor are asked to need no line.
    WHERE s.slot = 0 OR t.target IS NOT NULL OR w.effective <> 0 OR NOT (
        s.own_only OR s.person_id IS NOT NULL
    )
    ORDER BY s.slot;
END;
$$;
