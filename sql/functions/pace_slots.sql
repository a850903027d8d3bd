-- A scope and what is right below it: units, or where there are none the people. A person has
-- nothing below.
CREATE OR REPLACE FUNCTION pace_slots(scope report_slot)
RETURNS report_slot[]
LANGUAGE plpgsql
STABLE
AS $$
DECLARE
    parts report_slot[];
BEGIN
    IF scope.person_id IS NULL THEN
        parts := report_slots_by_unit(scope, false);
        IF NOT EXISTS (SELECT FROM unnest(parts) AS p WHERE NOT p.own_only) THEN
            parts := report_slots_by_rep(scope, false);
        END IF;
    END IF;
    RETURN ARRAY[scope] || coalesce(parts, '{}');
END;
$$;
