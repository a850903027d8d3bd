-- SolveService.Solve: what the scope and every unit above it made of their visits and deals, from
-- which rates, lags and order values are borrowed upward (domain.md 2.7).
CREATE OR REPLACE FUNCTION solve_history(
    unit text,
    person text,
    from_date text,
    to_date text,
    as_of text,
    replacements replacement_in[],
    in_currency text
)
RETURNS TABLE (
    scope text,
    visits bigint,
    opened bigint,
    c_won bigint,
    c_lost bigint,
    b_won bigint,
    b_lost bigint,
    a_won bigint,
    a_lost bigint,
    c_days integer,
    b_days integer,
    a_days integer,
    orders bigint,
    orders_minor bigint,
    day_visits bigint,
    days bigint
)
LANGUAGE plpgsql
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    whole report_slot := scope_in_currency(
        led_scope(
            solve_history.unit, solve_history.person, solve_history.from_date, solve_history.to_date
        ),
        solve_history.in_currency,
        false
    );
    last_day date := day_asked(whole, solve_history.as_of);
    first_day date := conversion_from(whole.calendar_unit_id, last_day);
    chain report_slot[];
BEGIN
    SELECT
        array_agg(
            ROW(
                c.step, c.label, NULL, c.unit_id, c.person_id, false, NULL, NULL, NULL, NULL,
                NULL, first_day, last_day
            )::report_slot
            ORDER BY c.step
        )
    INTO chain
    FROM scope_chain(ARRAY[whole], last_day) AS c;
    RETURN QUERY
    SELECT
        s.label,
        w.visits,
        coalesce(n.opened, 0),
        coalesce(n.c_won, 0),
        coalesce(n.c_lost, 0),
        coalesce(n.b_won, 0),
        coalesce(n.b_lost, 0),
        coalesce(n.a_won, 0),
        coalesce(n.a_lost, 0),
        n.c_days,
        n.b_days,
        n.a_days,
        coalesce(n.orders, 0),
        coalesce(n.orders_minor, 0),
        w.day_visits,
        w.days
    FROM unnest(chain) AS s
    JOIN conversion_work(chain, first_day, last_day) AS w ON w.slot = s.slot
    LEFT JOIN conversion_counts(
        ARRAY(SELECT c.unit_id FROM unnest(chain) AS c WHERE c.unit_id IS NOT NULL),
        ARRAY(SELECT c.person_id FROM unnest(chain) AS c WHERE c.person_id IS NOT NULL),
        whole.currency,
        first_day,
        last_day
    ) AS n
        ON n.unit_id = s.unit_id OR n.person_id = s.person_id
    ORDER BY s.slot;
END;
$$;
