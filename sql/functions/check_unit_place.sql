-- Refuses to hang a unit of this kind and name below a parent from a day on when the parent is not
-- there yet, is of a lower kind, or has a unit of that name.
CREATE OR REPLACE FUNCTION check_unit_place(
    parent_id bigint,
    kind text,
    name text,
    day date,
    unit_id bigint DEFAULT NULL
)
RETURNS void
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    kinds text[] := '{company,region,office,team}';
    parent unit%ROWTYPE;
BEGIN
    SELECT * INTO parent FROM unit WHERE id = check_unit_place.parent_id;
    IF check_unit_place.kind = 'company'
        OR array_position(kinds, check_unit_place.kind) < array_position(kinds, parent.kind)
    THEN
        PERFORM refuse('kind_order', 'kind', check_unit_place.kind, parent.kind, parent.path);
    END IF;
    IF parent.exists_from > check_unit_place.day THEN
        PERFORM refuse('unit_not_yet', 'from_date', parent.path, parent.exists_from::text);
    END IF;
    PERFORM
    FROM placement AS p
    JOIN unit AS u ON u.id = p.unit_id
    WHERE
        p.parent_id = check_unit_place.parent_id
        AND p.to_date >= check_unit_place.day
        AND u.name = check_unit_place.name
        AND u.id IS DISTINCT FROM check_unit_place.unit_id;
    IF FOUND THEN
        PERFORM refuse('unit_exists', 'name', check_unit_place.name, parent.path);
    END IF;
END;
$$;
