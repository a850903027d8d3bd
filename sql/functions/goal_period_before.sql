-- First day of the n periods that lie right before a period: whole months before whole months, else
-- as many days each.
CREATE OR REPLACE FUNCTION goal_period_before(from_date date, to_date date, n integer)
RETURNS date
LANGUAGE sql
IMMUTABLE
AS $$
    SELECT CASE
        WHEN
            extract(day FROM goal_period_before.from_date) = 1
            AND extract(day FROM goal_period_before.to_date + 1) = 1
        THEN (
            goal_period_before.from_date
            - n * age(goal_period_before.to_date + 1, goal_period_before.from_date)
        )::date
        ELSE
            goal_period_before.from_date
            - n * (goal_period_before.to_date - goal_period_before.from_date + 1)
    END;
$$;
