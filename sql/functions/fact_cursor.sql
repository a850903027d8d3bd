-- The parts of a cursor of FactService.List; without one, the end of all days.
CREATE OR REPLACE FUNCTION fact_cursor(
    cursor text,
    OUT day date,
    OUT instant timestamptz,
    OUT id uuid
)
LANGUAGE plpgsql
IMMUTABLE
AS $$
BEGIN
    IF cursor IS NULL THEN
        day := 'infinity';
        RETURN;
    END IF;
    day := date_or_null(split_part(cursor, '/', 1));
    IF split_part(cursor, '/', 2) ~ '^-?\d{1,11}(\.\d{1,6})?$' THEN
        instant := to_timestamp(split_part(cursor, '/', 2)::numeric);
    END IF;
    id := uuid_or_null(split_part(cursor, '/', 3));
    IF num_nulls(day, instant, id) > 0 THEN
        PERFORM refuse('bad_cursor', 'cursor');
    END IF;
END;
$$;
