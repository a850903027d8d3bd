-- Minor units of one currency as minor units of another, halves up; NULL without a rate.
CREATE OR REPLACE FUNCTION rate_apply(
    amount bigint,
    currency text,
    into_currency text,
    rate numeric
)
RETURNS bigint
LANGUAGE sql
IMMUTABLE
AS $$
    SELECT floor(
        amount * rate * 10::numeric ^ (currency_digits(into_currency) - currency_digits(currency))
        + 0.5
    )::bigint;
$$;
