-- Each scope and what is above it, from itself (step 0) to the company, on a day: the order in
-- which rates are borrowed (domain.md 2.7). Above a person comes the unit that it belongs to; a
-- unit's own members alone are taken for the unit.
CREATE OR REPLACE FUNCTION scope_chain(scopes report_slot[], day date)
RETURNS TABLE (slot integer, step bigint, label text, unit_id bigint, person_id bigint)
LANGUAGE sql
STABLE
ROWS 100
AS $$
    SELECT s.slot, 0, s.label, NULL::bigint, s.person_id
    FROM unnest(scope_chain.scopes) AS s
    WHERE s.person_id IS NOT NULL
    UNION ALL
    SELECT
        s.slot,
        row_number() OVER (PARTITION BY s.slot ORDER BY r.depth)
        - CASE WHEN s.person_id IS NULL THEN 1 ELSE 0 END,
        above.path,
        above.id,
        NULL
    FROM unnest(scope_chain.scopes) AS s
    JOIN unit AS u
        ON u.id = CASE WHEN s.person_id IS NULL THEN s.unit_id ELSE s.calendar_unit_id END
    JOIN reach AS r
        ON
            r.unit_id = u.id
            AND greatest(scope_chain.day, u.exists_from) BETWEEN r.from_date AND r.to_date
    JOIN unit AS above ON above.id = r.ancestor_id
    ORDER BY 1, 2;
$$;
