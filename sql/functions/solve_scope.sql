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
    in_currency text,
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
    OUT working_before bigint[],
    OUT unrated_currencies text[],
    OUT rate_currencies text[],
    OUT rates text[],
    OUT rate_dates text[]
)
LANGUAGE plpgsql
STABLE
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    whole report_slot := scope_in_currency(
        led_scope(solve_scope.unit, solve_scope.person, solve_scope.from_date, solve_scope.to_date),
        solve_scope.in_currency,
        false
    );
    day date := day_asked(whole, solve_scope.as_of);
    first_day date := greatest(day, whole.from_date);
    done report_slot := whole;
    piece record;
    used rate_used[];
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
    FOR piece IN
        SELECT t.currency, t.target, t.target_source, t.rates
        FROM report_targets(
            ARRAY[whole], report_goals(ARRAY[whole], ARRAY['revenue']), ARRAY['revenue'], false, day
        ) AS t
    LOOP
        IF piece.currency = whole.currency THEN
            target := piece.target;
            target_source := piece.target_source;
            used := used || piece.rates;
        ELSE
            unrated_currencies := unrated_currencies || piece.currency::text;
        END IF;
    END LOOP;
    done.to_date := day;
    booked := 0;
    FOR piece IN
        SELECT w.currency, w.effective, w.rates
        FROM report_work_in_one(ARRAY[done], ARRAY['revenue'], false, day) AS w
        WHERE whole.from_date <= day
    LOOP
        IF piece.currency = whole.currency THEN
            booked := piece.effective;
            used := used || piece.rates;
        ELSIF piece.currency <> ALL (coalesce(unrated_currencies, '{}')) THEN
            unrated_currencies := unrated_currencies || piece.currency::text;
        END IF;
    END LOOP;
    SELECT t.currencies, t.rates, t.dates INTO rate_currencies, rates, rate_dates
    FROM rates_told(used) AS t;
    SELECT s.target INTO standard
    FROM standard_of(whole.calendar_unit_id, day) AS s
    WHERE s.metric = 'visits';
    reps := scope_reps(whole, day);
    shrink_weight := setting_of(whole.calendar_unit_id, 'shrink_weight', day)::bigint;
    window_from := conversion_from(whole.calendar_unit_id, day);
    working_before := scope_working_before(whole, first_day, whole.to_date);
END;
$$;
