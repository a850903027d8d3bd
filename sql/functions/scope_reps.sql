-- How many reps a scope has on a day: those who belong to it or below and do not lead their very
-- unit. A person is one.
CREATE OR REPLACE FUNCTION scope_reps(scope report_slot, day date)
RETURNS bigint
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
BEGIN
    IF scope.person_id IS NOT NULL THEN
        RETURN 1;
    END IF;
    RETURN (
        SELECT count(*)
        FROM reach AS r
        JOIN membership AS m ON m.unit_id = r.unit_id
        WHERE
            r.ancestor_id = scope.unit_id
            AND (NOT scope.own_only OR r.depth = 0)
            AND scope_reps.day BETWEEN r.from_date AND r.to_date
            AND scope_reps.day BETWEEN m.from_date AND m.to_date
            AND person_is_rep(m.person_id, m.unit_id, scope_reps.day)
    );
END;
$$;
