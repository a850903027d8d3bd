-- A target as a person writes it, for sentences: a count, or money in the currency's own units.
CREATE OR REPLACE FUNCTION amount_text(amount bigint, currency text)
RETURNS text
LANGUAGE sql
IMMUTABLE
AS $$
    SELECT CASE
        WHEN amount IS NULL THEN '-'
        WHEN currency IS NULL THEN to_char(amount, 'FM9,999,999,999,999,999,990')
        ELSE
            to_char(
                amount / 10::numeric ^ currency_digits(currency),
                'FM9,999,999,999,999,999,990'
                || left('.0000', CASE currency_digits(currency) WHEN 0 THEN 0
                    ELSE currency_digits(currency) + 1 END)
            )
            || ' ' || currency
    END;
$$;
