-- The rate of rate_on() alone; NULL when there is none.
CREATE OR REPLACE FUNCTION rate_at(currency text, into_currency text, day date)
RETURNS numeric
LANGUAGE sql
STABLE
AS $$
    SELECT r.rate FROM rate_on(rate_at.currency, rate_at.into_currency, rate_at.day) AS r;
$$;
