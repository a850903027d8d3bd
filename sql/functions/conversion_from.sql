-- The first day of the history that rates are read from: a setting says how many days it has, the
-- day itself being the last one.
CREATE OR REPLACE FUNCTION conversion_from(unit_id bigint, day date)
RETURNS date
LANGUAGE plpgsql
STABLE
AS $$
BEGIN
    RETURN day + 1 - greatest(
        setting_of(conversion_from.unit_id, 'conversion_window_days', day)::integer, 1
    );
END;
$$;
