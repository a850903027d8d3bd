-- The days, ISO weeks, months or quarters of a scope's range; the first and last are cut to it.
CREATE OR REPLACE FUNCTION report_slots_by_time(scope report_slot, step text)
RETURNS report_slot[]
LANGUAGE sql
STABLE
AS $$
    SELECT
        array_agg(
            ROW(
                part.number,
                part.from_date::text,
                part.label,
                scope.unit_id,
                scope.person_id,
                scope.own_only,
                scope.within_id,
                scope.goal_unit_id,
                scope.goal_person_id,
                scope.calendar_unit_id,
                scope.currency,
                part.from_date,
                part.to_date
            )::report_slot
            ORDER BY part.number
        )
    FROM period_parts(step, scope.from_date, scope.to_date) AS part;
$$;
