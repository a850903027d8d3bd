-- LeaveService.Remove: a person is there after all on the days of a range.
CREATE OR REPLACE FUNCTION leave_remove(
    INOUT person text,
    INOUT from_date text,
    INOUT to_date text,
    OUT days_removed integer
)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    who bigint := coalesce(person_find(leave_remove.person), actor());
    first_day date := date_of(leave_remove.from_date, 'from_date');
    last_day date := coalesce(date_of(leave_remove.to_date, 'to_date'), first_day);
BEGIN
    PERFORM require('from_date', first_day IS NOT NULL);
    PERFORM check_range(first_day, last_day);
    SELECT p.handle INTO person FROM person AS p WHERE p.id = who;
    DELETE FROM leave AS l
    WHERE l.person_id = who AND l.date BETWEEN first_day AND last_day;
    GET DIAGNOSTICS days_removed = ROW_COUNT;
    IF days_removed = 0 THEN
        PERFORM refuse('no_leave', 'from_date', person, first_day::text, last_day::text);
    END IF;
    from_date := first_day;
    to_date := last_day;
END;
$$;
