-- CalendarService.SetWeek: the weekdays that a unit works from a day on (2.5), today when none is
-- given; without a mask as the unit above, which the company cannot.
CREATE OR REPLACE FUNCTION calendar_week(
    INOUT unit text,
    INOUT weekday_mask integer,
    INOUT from_date text
)
RETURNS SETOF record
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    place bigint := unit_or_home(calendar_week.unit);
    day date := coalesce(date_of(calendar_week.from_date, 'from_date'), unit_today(place));
BEGIN
    IF calendar_week.weekday_mask NOT BETWEEN 0 AND 127 THEN
        PERFORM refuse('bad_week', 'weekday_mask', calendar_week.weekday_mask::text);
    END IF;
    IF calendar_week.weekday_mask IS NULL THEN
        PERFORM refuse('company_week', 'weekday_mask', u.path)
        FROM unit AS u
        WHERE u.id = place AND u.kind = 'company';
    END IF;
    INSERT INTO working_week (unit_id, from_date, weekday_mask)
    VALUES (place, day, calendar_week.weekday_mask)
    ON CONFLICT (unit_id, from_date) DO UPDATE
    SET weekday_mask = excluded.weekday_mask;
    RETURN QUERY
    SELECT u.path, calendar_week.weekday_mask, day::text FROM unit AS u WHERE u.id = place;
END;
$$;
