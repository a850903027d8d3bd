-- Moves the first day of a unit, and of those above it, back to a day on which it is now known to
-- have had a member. For imports, whose rows come in any order of time.
CREATE OR REPLACE FUNCTION unit_existed(unit_id bigint, day date)
RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    here bigint := unit_existed.unit_id;
BEGIN
    LOOP
        UPDATE unit
        SET exists_from = unit_existed.day
        WHERE id = here AND exists_from > unit_existed.day;
        EXIT WHEN NOT FOUND;
        UPDATE placement
        SET from_date = unit_existed.day
        WHERE
            unit_id = here
            AND from_date = (SELECT min(p.from_date) FROM placement AS p WHERE p.unit_id = here)
        RETURNING parent_id INTO here;
    END LOOP;
END;
$$;
