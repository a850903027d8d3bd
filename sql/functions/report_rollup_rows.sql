-- ReportService.Rollup: the same by group; by child with a trend. The arithmetic of 2.8 is the
-- daemon's.
CREATE OR REPLACE FUNCTION report_rollup_rows(
    unit text,
    person text,
    from_date text,
    to_date text,
    metrics text[],
    group_by text,
    as_is boolean,
    by_currency boolean,
    in_currency text
)
RETURNS TABLE (
    "group" text,
    name text,
    metric text,
    currency text,
    actual bigint,
    effective bigint,
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
    as_is_wanted boolean := coalesce(report_rollup_rows.as_is, false);
    by_child boolean := report_rollup_rows.group_by IN ('unit', 'team', 'rep');
    whole report_slot;
    slots report_slot[];
    goals report_goal[];
    today date;
BEGIN
    IF report_rollup_rows.group_by IS NULL THEN
        RETURN;
    END IF;
    whole := scope_in_currency(
        report_scope(
            report_rollup_rows.unit,
            report_rollup_rows.person,
            report_rollup_rows.from_date,
            report_rollup_rows.to_date
        ),
        report_rollup_rows.in_currency,
        report_rollup_rows.by_currency
    );
    today := unit_today(whole.calendar_unit_id);
    slots := report_slots(whole, report_rollup_rows.group_by, as_is_wanted);
    -- With what a slot takes, a plan made for ten does for sixty, and making one takes longer than
    -- both.
    PERFORM plan_for(cardinality(slots) / 4);
    goals := report_goals(slots, report_rollup_rows.metrics);
    RETURN QUERY
    WITH
        trend AS MATERIALIZED (
            SELECT t.*
            FROM report_trend(
                CASE WHEN by_child THEN slots[2:] ELSE '{}' END,
                report_rollup_rows.metrics,
                as_is_wanted,
                today
            ) AS t
        )
    SELECT
        s.label, s.name, l.metric, l.currency, l.actual, l.effective, l.target, l.target_source,
        l.stretch_milli, d.working_millidays, d.elapsed_millidays, t.trend, p.planned_done,
        p.planned_weight, p.planned_weight_past
    FROM report_lines(
        slots, goals, report_rollup_rows.metrics, as_is_wanted, today
    ) WITH ORDINALITY AS l
    JOIN unnest(slots) AS s ON s.slot = l.slot
    JOIN report_days(slots, today) AS d ON d.slot = l.slot
    LEFT JOIN trend AS t
        ON
            t.slot = l.slot
            AND t.metric = l.metric
            AND t.currency = coalesce(l.currency, '')
    LEFT JOIN report_plans(goals, today) AS p
        ON
            p.slot = l.slot
            AND p.metric = l.metric
            AND p.currency = coalesce(l.currency, '')
    WHERE
        l.slot > 0
        -- Those who belong to a unit above teams need a line only if they sell.
        AND NOT (
            s.own_only AND s.goal_unit_id IS NULL AND l.actual = 0 AND l.target IS NULL
        )
    ORDER BY l.ordinality;
END;
$$;
