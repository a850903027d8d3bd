-- SolveService.Solve: whose gap it is and what is known of it (domain.md 2.7): the revenue goal,
-- what of it is booked, the standard, the reps, and the working time that is left, the day asked
-- about included: it is still to be worked.
CREATE OR REPLACE FUNCTION solve_scope(
    unit text,
    person text,
    INOUT from_date text,
    INOUT to_date text,
    INOUT as_of text,
    replacements replacement_in[],
    OUT scope text,
    OUT scope_name text,
    OUT currency text,
    OUT target bigint,
    OUT target_source text,
    OUT booked bigint,
    OUT standard bigint,
    OUT reps bigint,
    OUT shrink_weight bigint,
    OUT window_from text,
    OUT is_person boolean,
    OUT working_before bigint[]
)
LANGUAGE plpgsql
STABLE
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    whole report_slot := led_scope(
        solve_scope.unit, solve_scope.person, solve_scope.from_date, solve_scope.to_date
    );
    day date := day_asked(whole, solve_scope.as_of);
    first_day date := greatest(day, whole.from_date);
    done report_slot := whole;
BEGIN
    IF whole.to_date < day THEN
        PERFORM refuse('period_over', 'to_date', whole.from_date::text, whole.to_date::text);
    END IF;
    scope := whole.label;
    scope_name := whole.name;
    is_person := whole.person_id IS NOT NULL;
    currency := whole.currency;
    from_date := whole.from_date;
    to_date := whole.to_date;
    as_of := day;
    SELECT t.target, t.target_source INTO target, target_source
    FROM report_targets(ARRAY[whole], ARRAY['revenue'], false, day) AS t
    WHERE t.currency = whole.currency;
    done.to_date := day;
    booked := 0;
    IF whole.from_date <= day THEN
        SELECT coalesce(sum(w.effective), 0) INTO booked
        FROM report_work(ARRAY[done], ARRAY['revenue'], false, day) AS w
        WHERE w.currency = whole.currency;
    END IF;
    SELECT s.target INTO standard
    FROM standard_of(whole.calendar_unit_id, day) AS s
    WHERE s.metric = 'visits';
    reps := scope_reps(whole, day);
    shrink_weight := setting_of(whole.calendar_unit_id, 'shrink_weight', day)::bigint;
    window_from := conversion_from(whole.calendar_unit_id, day);
    working_before := scope_working_before(whole, first_day, whole.to_date);
END;
$$;
