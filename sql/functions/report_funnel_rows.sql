-- ReportService.Funnel: the same by group. By month or quarter only deals that ended are counted,
-- by the day of their end; where no range was asked for, parts of time without any are left out.
CREATE OR REPLACE FUNCTION report_funnel_rows(
    unit text,
    person text,
    from_date text,
    to_date text,
    group_by text
)
RETURNS TABLE (
    "group" text,
    name text,
    currency text,
    open_c bigint,
    open_b bigint,
    open_a bigint,
    won bigint,
    lost bigint,
    won_value_minor bigint,
    open_value_minor bigint,
    median_days_to_sign bigint
)
LANGUAGE plpgsql
STABLE
SET plan_cache_mode = auto
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    by_time CONSTANT boolean := report_funnel_rows.group_by IN ('day', 'week', 'month', 'quarter');
    ranged CONSTANT boolean := report_funnel_rows.from_date IS NOT NULL;
    slots report_slot[];
BEGIN
    IF report_funnel_rows.group_by IS NULL THEN
        RETURN;
    END IF;
    slots := funnel_slots(
        funnel_scope(
            report_funnel_rows.unit,
            report_funnel_rows.person,
            report_funnel_rows.from_date,
            report_funnel_rows.to_date
        ),
        report_funnel_rows.group_by
    );
    PERFORM plan_for(cardinality(slots));
    RETURN QUERY
    SELECT
        s.label, s.name,
        l.currency, l.open_c, l.open_b, l.open_a, l.won, l.lost, l.won_value_minor,
        l.open_value_minor, l.median_days_to_sign
    FROM funnel_lines(slots, by_time) WITH ORDINALITY AS l
    JOIN unnest(slots) AS s ON s.slot = l.slot
    -- Those who belong to a unit above teams need a line only if they sell.
    WHERE
        NOT (
            s.own_only
            AND s.goal_unit_id IS NULL
            AND l.open_c + l.open_b + l.open_a + l.won + l.lost = 0
        )
        AND (ranged OR NOT by_time OR l.won + l.lost > 0)
    ORDER BY l.ordinality;
END;
$$;
