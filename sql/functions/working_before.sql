-- For many units, the working time from the first day of a range up to, not including, each day of
-- it and the day after it: W(a, b) = before(b + 1) - before(a) (2.5).
CREATE OR REPLACE FUNCTION working_before(units bigint[], from_date date, to_date date)
RETURNS TABLE (unit_id bigint, date date, before bigint)
LANGUAGE sql
STABLE
AS $$
    SELECT
        u.unit_id,
        d.date,
        (
            sum(d.factor_milli) OVER (PARTITION BY u.unit_id ORDER BY d.date) - d.factor_milli
        )::bigint
    FROM (SELECT DISTINCT unit_id FROM unnest(working_before.units) AS unit_id) AS u
    CROSS JOIN LATERAL calendar_days(
        u.unit_id, working_before.from_date, working_before.to_date + 1
    ) AS d;
$$;
