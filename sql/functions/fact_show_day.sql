-- FactService.ShowDay: whose day it is, and whether it is a working day of that person (2.5).
CREATE OR REPLACE FUNCTION fact_show_day(
    INOUT person text,
    INOUT date text,
    OUT person_name text,
    OUT unit text,
    OUT factor_milli integer,
    OUT day_name text,
    OUT away_milli integer
)
LANGUAGE sql
STABLE
AS $$
    SELECT
        p.handle,
        d.day::text,
        p.name,
        u.path,
        greatest(c.factor_milli - coalesce(l.away_milli, 0), 0),
        c.name,
        l.away_milli
    FROM day_of_person($1, $2) AS d
    JOIN person AS p ON p.id = d.person_id
    JOIN unit AS u ON u.id = d.unit_id
    LEFT JOIN calendar_days(d.unit_id, d.day, d.day) AS c ON true
    LEFT JOIN leave AS l ON l.person_id = d.person_id AND l.date = d.day;
$$;
