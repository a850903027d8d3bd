-- Today in a unit's time zone (domain.md 1.2). In plpgsql, as the other small functions that every
-- request calls: PostgreSQL plans the statements of LANGUAGE sql anew at each call.
CREATE OR REPLACE FUNCTION unit_today(unit_id bigint)
RETURNS date
LANGUAGE plpgsql
STABLE
AS $$
BEGIN
    RETURN (now() AT TIME ZONE unit_time_zone(unit_id))::date;
END;
$$;
