-- The office that keeps the facts of a unit's members on a day: the unit itself, or the first unit
-- above that is no team. Reads placement, which is right even while reach is being rebuilt. A day
-- before the unit existed counts as its first.
CREATE OR REPLACE FUNCTION office_of_unit(unit_id bigint, day date DEFAULT current_date)
RETURNS bigint
LANGUAGE sql
STABLE
AS $$
    WITH RECURSIVE
        upward AS (
            SELECT u.id, u.kind, u.exists_from
            FROM unit AS u
            WHERE u.id = office_of_unit.unit_id
            UNION ALL
            SELECT above.id, above.kind, above.exists_from
            FROM upward AS below
            JOIN placement AS p
                ON
                    p.unit_id = below.id
                    AND greatest(office_of_unit.day, below.exists_from)
                    BETWEEN p.from_date AND p.to_date
            JOIN unit AS above ON above.id = p.parent_id
            WHERE below.kind = 'team'
        )
    SELECT id FROM upward WHERE kind <> 'team';
$$;
