-- W(from, to) of rule 2.5 in thousandths of a day; 0 for an empty range.
CREATE OR REPLACE FUNCTION working_millidays(unit_id bigint, from_date date, to_date date)
RETURNS bigint
LANGUAGE sql
STABLE
AS $$
    SELECT coalesce(sum(d.factor_milli), 0)
    FROM calendar_days(
        working_millidays.unit_id, working_millidays.from_date, working_millidays.to_date
    ) AS d;
$$;
