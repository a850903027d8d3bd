-- CalendarService.Show: each day of a range with its factor, and their sum. Without dates it is the
-- unit's current year; one date alone is that day's year.
CREATE OR REPLACE FUNCTION calendar_show(unit text, from_date text, to_date text)
RETURNS TABLE (
    date text,
    factor_milli integer,
    name text,
    usual_milli integer,
    working_millidays bigint
)
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    place bigint := unit_or_home(calendar_show.unit);
    first_day date := date_of(calendar_show.from_date, 'from_date');
    last_day date := date_of(calendar_show.to_date, 'to_date');
BEGIN
    first_day := coalesce(
        first_day, date_trunc('year', coalesce(last_day, unit_today(place)))::date
    );
    last_day := coalesce(
        last_day, (date_trunc('year', first_day) + interval '1 year' - interval '1 day')::date
    );
    PERFORM check_range(first_day, last_day);
    RETURN QUERY
    SELECT d.date::text, d.factor_milli, d.name, d.usual_milli, sum(d.factor_milli) OVER ()
    FROM calendar_days(place, first_day, last_day) AS d
    ORDER BY d.date;
END;
$$;
