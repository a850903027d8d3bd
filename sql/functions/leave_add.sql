-- LeaveService.Add: a person is away on the days of a range (2.5), the whole day unless away_milli
-- says how much of it. What was said of such a day before is replaced.
CREATE OR REPLACE FUNCTION leave_add(
    INOUT person text,
    INOUT from_date text,
    INOUT to_date text,
    away_milli integer,
    reason text,
    OUT days_set integer,
    OUT working_millidays bigint
)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    who bigint := coalesce(person_find(leave_add.person), actor());
    first_day date := date_of(leave_add.from_date, 'from_date');
    last_day date := coalesce(date_of(leave_add.to_date, 'to_date'), first_day);
    away integer := coalesce(leave_add.away_milli, 1000);
    before bigint;
BEGIN
    PERFORM require('from_date', first_day IS NOT NULL);
    PERFORM check_range(first_day, last_day);
    IF away NOT BETWEEN 1 AND 1000 THEN
        PERFORM refuse('bad_away', 'away_milli', away::text);
    END IF;
    DELETE FROM leave AS l
    WHERE l.person_id = who AND l.date BETWEEN first_day AND last_day;
    before := person_working_millidays(who, first_day, last_day);
    INSERT INTO leave (person_id, date, away_milli, reason, actor_id, made_at)
    SELECT who, first_day + i, away, leave_add.reason, actor(), now()
    FROM generate_series(0, last_day - first_day) AS i;
    SELECT p.handle INTO person FROM person AS p WHERE p.id = who;
    from_date := first_day;
    to_date := last_day;
    days_set := last_day - first_day + 1;
    working_millidays := before - person_working_millidays(who, first_day, last_day);
END;
$$;
