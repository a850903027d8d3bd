-- Refuses a range whose last day is before its first, or that is longer than ten years.
CREATE OR REPLACE FUNCTION check_range(from_date date, to_date date)
RETURNS void
LANGUAGE plpgsql
IMMUTABLE
AS $$
BEGIN
    IF to_date < from_date THEN
        PERFORM refuse('dates_reversed', 'to_date', from_date::text, to_date::text);
    ELSIF to_date - from_date > 3660 THEN
        PERFORM refuse('range_too_long', 'to_date', from_date::text, to_date::text);
    END IF;
END;
$$;
