-- The scope, and the groups that a report breaks it down into. A person is not broken down by unit.
CREATE OR REPLACE FUNCTION report_slots(scope report_slot, group_by text, as_is boolean)
RETURNS report_slot[]
LANGUAGE plpgsql
STABLE
AS $$
BEGIN
    RETURN ARRAY[scope] || CASE
        WHEN group_by IS NULL THEN '{}'
        WHEN group_by IN ('day', 'week', 'month', 'quarter')
        THEN report_slots_by_time(scope, group_by)
        WHEN scope.person_id IS NOT NULL OR group_by = 'rep'
        THEN report_slots_by_rep(scope, coalesce(as_is, false))
        WHEN group_by = 'team' THEN report_slots_by_team(scope, coalesce(as_is, false))
        ELSE report_slots_by_unit(scope, coalesce(as_is, false))
    END;
END;
$$;
