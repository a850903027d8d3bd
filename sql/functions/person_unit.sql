-- The unit that a person belongs to today; for one who has left or not begun, the last one known.
CREATE OR REPLACE FUNCTION person_unit(person_id bigint)
RETURNS bigint
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    last membership%ROWTYPE;
BEGIN
    SELECT m.* INTO last
    FROM membership AS m
    WHERE m.person_id = person_unit.person_id
    ORDER BY m.from_date DESC
    LIMIT 1;
    -- Only a planned move leaves the latest row for an earlier one.
    IF last.from_date > current_date - 1 AND last.from_date > unit_today(last.unit_id) THEN
        RETURN coalesce(
            (
                SELECT m.unit_id
                FROM membership AS m
                WHERE m.person_id = last.person_id AND unit_today(m.unit_id) >= m.from_date
                ORDER BY m.from_date DESC
                LIMIT 1
            ),
            last.unit_id
        );
    END IF;
    RETURN last.unit_id;
END;
$$;
