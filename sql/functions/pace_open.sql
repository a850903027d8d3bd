-- PaceService.Show: of revenue, the open deals of each slot by grade.
CREATE OR REPLACE FUNCTION pace_open(
    unit text,
    person text,
    from_date text,
    to_date text,
    metric text,
    as_of text,
    in_currency text
)
RETURNS TABLE (
    slot integer,
    grade text,
    deals bigint,
    value_minor bigint,
    undated_deals bigint,
    undated_minor bigint,
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
        led_scope(pace_open.unit, pace_open.person, pace_open.from_date, pace_open.to_date),
        pace_open.in_currency,
        false
    );
    -- Here, since open_deals() becomes part of the query and would ask it of every deal.
    day date := day_asked(whole, pace_open.as_of);
BEGIN
    IF coalesce(pace_open.metric, 'revenue') <> 'revenue' THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT
        o.slot, o.grade, o.deals, o.value_minor, o.undated_deals, o.undated_minor,
        o.unrated_deals, o.unrated_currencies, o.rate_currencies, o.rates, o.rate_dates
    FROM open_deals(pace_slots(whole), day) AS o;
END;
$$;
