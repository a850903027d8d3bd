-- Today in a unit's time zone (domain.md 1.2).
CREATE OR REPLACE FUNCTION unit_today(unit_id bigint)
RETURNS date
LANGUAGE sql
STABLE
AS $$
    SELECT (now() AT TIME ZONE unit_time_zone(unit_today.unit_id))::date;
$$;
