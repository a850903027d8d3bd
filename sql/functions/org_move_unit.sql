-- OrgService.MoveUnit: hangs a unit below another from a day on, in place of whatever was planned
-- after it; the days before keep their place (1.1).
CREATE OR REPLACE FUNCTION org_move_unit(unit text, parent text, from_date text)
RETURNS TABLE (path text)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    moved unit%ROWTYPE;
    above bigint;
    day date := date_of(org_move_unit.from_date, 'from_date');
BEGIN
    PERFORM
        require('unit', org_move_unit.unit IS NOT NULL),
        require('parent', org_move_unit.parent IS NOT NULL);
    PERFORM org_lock();
    SELECT * INTO moved FROM unit AS u WHERE u.id = unit_find(org_move_unit.unit);
    above := unit_find(org_move_unit.parent, 'parent');
    IF moved.kind = 'company' THEN
        PERFORM refuse('company_stays', 'unit', moved.name);
    END IF;
    day := coalesce(day, unit_today(moved.id));
    IF day < moved.exists_from THEN
        PERFORM refuse('unit_not_yet', 'from_date', moved.path, moved.exists_from::text);
    END IF;
    PERFORM
    FROM reach AS r
    WHERE r.ancestor_id = moved.id AND r.unit_id = above AND r.to_date >= day;
    IF FOUND THEN
        PERFORM refuse('move_below_itself', 'parent', moved.path, org_move_unit.parent);
    END IF;
    PERFORM check_unit_place(above, moved.kind, moved.name, day, moved.id);

    DELETE FROM placement WHERE unit_id = moved.id AND from_date >= day;
    UPDATE placement SET to_date = day - 1 WHERE unit_id = moved.id AND to_date >= day;
    INSERT INTO placement (unit_id, parent_id, from_date) VALUES (moved.id, above, day);
    PERFORM org_rebuild();
    PERFORM membership_realign(moved.id, day);
    RETURN QUERY SELECT u.path FROM unit AS u WHERE u.id = moved.id;
END;
$$;
