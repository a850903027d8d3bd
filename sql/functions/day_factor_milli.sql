-- f(d) of rule 2.5: 0 on a day off, 1000 on a working day.
CREATE OR REPLACE FUNCTION day_factor_milli(unit_id bigint, day date)
RETURNS integer
LANGUAGE sql
STABLE
AS $$
    SELECT d.factor_milli
    FROM calendar_days(day_factor_milli.unit_id, day_factor_milli.day, day_factor_milli.day) AS d;
$$;
