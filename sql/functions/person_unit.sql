-- The unit that a person belongs to today; for one who has left or not begun, the last one known.
CREATE OR REPLACE FUNCTION person_unit(person_id bigint)
RETURNS bigint
LANGUAGE sql
STABLE
AS $$
    SELECT m.unit_id
    FROM membership AS m
    WHERE m.person_id = person_unit.person_id
    ORDER BY (unit_today(m.unit_id) BETWEEN m.from_date AND m.to_date) DESC, m.from_date DESC
    LIMIT 1;
$$;
