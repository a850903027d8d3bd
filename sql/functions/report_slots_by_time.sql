-- The days, ISO weeks, months or quarters of a scope's range; the first and last are cut to it.
CREATE OR REPLACE FUNCTION report_slots_by_time(scope report_slot, step text)
RETURNS report_slot[]
LANGUAGE sql
STABLE
AS $$
    SELECT
        array_agg(
            ROW(
                part.ordinality,
                greatest(part.start::date, scope.from_date)::text,
                to_char(
                    part.start,
                    CASE step
                        WHEN 'day' THEN 'YYYY-MM-DD'
                        WHEN 'week' THEN 'IYYY-"W"IW'
                        WHEN 'month' THEN 'YYYY-MM'
                        ELSE 'YYYY-"Q"Q'
                    END
                ),
                scope.unit_id,
                scope.person_id,
                scope.own_only,
                scope.within_id,
                scope.goal_unit_id,
                scope.goal_person_id,
                scope.calendar_unit_id,
                scope.currency,
                greatest(part.start::date, scope.from_date),
                least((part.start + one.length - interval '1 day')::date, scope.to_date)
            )::report_slot
            ORDER BY part.ordinality
        )
    FROM (
        SELECT CASE step WHEN 'quarter' THEN interval '3 months' ELSE ('1 ' || step)::interval END
    ) AS one (length)
    CROSS JOIN generate_series(
        date_trunc(report_slots_by_time.step, scope.from_date::timestamp),
        scope.to_date::timestamp,
        one.length
    ) WITH ORDINALITY AS part (start, ordinality);
$$;
