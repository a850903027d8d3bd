-- CalendarService.Set: dated exceptions of a unit's calendar (2.5); of two for one day the later
-- one counts.
CREATE OR REPLACE FUNCTION calendar_set(unit text, days calendar_day_in [])
RETURNS TABLE (days_set integer)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    place bigint := unit_or_home(calendar_set.unit);
    day calendar_day_in;
    n integer;
BEGIN
    FOREACH day IN ARRAY coalesce(calendar_set.days, '{}') LOOP
        PERFORM
            require('date', day.date IS NOT NULL),
            require('factor_milli', day.factor_milli IS NOT NULL),
            date_of(day.date, 'date');
        IF day.factor_milli NOT BETWEEN 0 AND 1000 THEN
            PERFORM refuse('bad_factor', 'factor_milli', day.factor_milli::text, day.date);
        END IF;
    END LOOP;
    INSERT INTO calendar_exception (unit_id, date, factor_milli, name)
    SELECT DISTINCT ON (d.date) place, d.date::date, d.factor_milli, d.name
    FROM unnest(calendar_set.days) WITH ORDINALITY AS d (
        date, factor_milli, name, usual_milli, position
    )
    ORDER BY d.date, d.position DESC
    ON CONFLICT (unit_id, date) DO UPDATE
    SET factor_milli = excluded.factor_milli, name = excluded.name;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN QUERY SELECT n;
END;
$$;
