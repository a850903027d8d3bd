-- What a goal's figure is worth in a currency on its first day: itself where it is kept in that
-- one, or is a count (currency ''), or no currency is asked for; NULL without a rate.
CREATE OR REPLACE FUNCTION goal_worth(
    figure bigint,
    currency text,
    into_currency text,
    day date
)
RETURNS bigint
LANGUAGE sql
STABLE
AS $$
    SELECT CASE
        WHEN currency = '' OR into_currency IS NULL OR currency = into_currency
        THEN figure
        ELSE rate_apply(
            figure, currency, into_currency, rate_at(currency, into_currency, day)
        )
    END;
$$;
