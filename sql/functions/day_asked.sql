-- The day as of which a scope's books are read: today in its zone when none is named. A day to come
-- has no books yet.
CREATE OR REPLACE FUNCTION day_asked(scope report_slot, as_of text)
RETURNS date
LANGUAGE plpgsql
STABLE
AS $$
DECLARE
    today date := unit_today(scope.calendar_unit_id);
    day date := coalesce(date_of(as_of, 'as_of'), today);
BEGIN
    IF day > today THEN
        PERFORM refuse('day_to_come', 'as_of', day::text, today::text);
    END IF;
    RETURN day;
END;
$$;
