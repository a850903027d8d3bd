-- The working time before each day of a range and before the day after it: of a person less its
-- leave, of a unit by its calendar (domain.md 2.5). The range's days in order.
CREATE OR REPLACE FUNCTION scope_working_before(
    scope report_slot,
    from_date date,
    to_date date
)
RETURNS bigint[]
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
BEGIN
    IF scope.person_id IS NOT NULL THEN
        RETURN ARRAY(
            SELECT sum(d.factor_milli) OVER (ORDER BY d.date) - d.factor_milli
            FROM person_days(
                scope.person_id, scope_working_before.from_date, scope_working_before.to_date + 1
            ) AS d
            ORDER BY d.date
        );
    END IF;
    RETURN (
        SELECT w.before
        FROM working_arrays(
            ARRAY[scope.calendar_unit_id],
            scope_working_before.from_date,
            scope_working_before.to_date
        ) AS w
    );
END;
$$;
