-- SolveService.Solve: the open deals by grade, whose expected value is taken off the gap (domain.md
-- 2.7, 4.7).
CREATE OR REPLACE FUNCTION solve_open(
    unit text,
    person text,
    from_date text,
    to_date text,
    as_of text,
    replacements replacement_in[],
    in_currency text
)
RETURNS TABLE (
    grade text,
    deals bigint,
    value_minor bigint,
    undated_deals bigint,
    undated_minor bigint,
    later_deals bigint,
    later_minor bigint,
    unvalued_deals bigint,
    unrated_deals bigint,
    unrated_currencies text[],
    rate_currencies text[],
    rates text[],
    rate_dates text[]
)
LANGUAGE plpgsql
STABLE
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    whole report_slot := scope_in_currency(
        led_scope(solve_open.unit, solve_open.person, solve_open.from_date, solve_open.to_date),
        solve_open.in_currency,
        false
    );
    -- Here, since open_deals() becomes part of the query and would ask it of every deal.
    day date := day_asked(whole, solve_open.as_of);
BEGIN
    RETURN QUERY
    SELECT
        o.grade, o.deals, o.value_minor, o.undated_deals, o.undated_minor, o.later_deals,
        o.later_minor, o.unvalued_deals, o.unrated_deals, o.unrated_currencies, o.rate_currencies,
        o.rates, o.rate_dates
    FROM open_deals(ARRAY[whole], day) AS o;
END;
$$;
