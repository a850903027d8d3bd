-- W(from, to) of rule 2.5 for a person, its leave taken off, in thousandths of a day; 0 for an
-- empty range.
CREATE OR REPLACE FUNCTION person_working_millidays(
    person_id bigint,
    from_date date,
    to_date date
)
RETURNS bigint
LANGUAGE sql
STABLE
AS $$
    SELECT coalesce(sum(d.factor_milli), 0)
    FROM person_days(
        person_working_millidays.person_id,
        person_working_millidays.from_date,
        person_working_millidays.to_date
    ) AS d;
$$;
