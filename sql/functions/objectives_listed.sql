-- The objectives that a list is of: of a unit and all below it today, or of an owner; without
-- either, all that the actor may see.
CREATE OR REPLACE FUNCTION objectives_listed(unit text, owner text, closed_too boolean)
RETURNS bigint[]
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    top bigint := unit_find(objectives_listed.unit);
    whose bigint := person_find(objectives_listed.owner, 'owner');
BEGIN
    RETURN ARRAY(
        SELECT o.id
        FROM objective AS o
        WHERE
            (o.state = 'open' OR objectives_listed.closed_too)
            AND (whose IS NULL OR o.owner_id = whose)
            AND (
                top IS NULL
                OR EXISTS (
                    SELECT
                    FROM reach AS r
                    WHERE
                        r.ancestor_id = top
                        AND r.unit_id = o.unit_id
                        AND unit_today(top) BETWEEN r.from_date AND r.to_date
                )
            )
        -- More than anybody reads.
        ORDER BY o.state <> 'open', o.due_date, o.id
        LIMIT 1000
    );
END;
$$;
