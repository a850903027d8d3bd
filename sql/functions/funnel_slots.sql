-- The groups of a funnel. Parts of time are those between the first and the last deal that ended.
CREATE OR REPLACE FUNCTION funnel_slots(scope report_slot, group_by text)
RETURNS report_slot[]
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    bounded report_slot := scope;
    slots report_slot[];
BEGIN
    IF group_by IN ('day', 'week', 'month', 'quarter') THEN
        SELECT
            CASE
                WHEN isfinite(scope.from_date) THEN scope.from_date
                ELSE date_trunc(group_by, min(d.closed_on)::timestamp)
            END,
            CASE WHEN isfinite(scope.to_date) THEN scope.to_date ELSE max(d.closed_on) END
        INTO bounded.from_date, bounded.to_date
        FROM deal AS d;
    END IF;
    slots := report_slots(bounded, group_by, false);
    RETURN slots[2:];
END;
$$;
