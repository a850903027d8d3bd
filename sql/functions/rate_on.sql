-- What one unit of a currency is worth in another on a day: the latest rate of that day or before,
-- or the reverse of the one the other way round, whichever is newer. None: no row.
CREATE OR REPLACE FUNCTION rate_on(currency text, into_currency text, day date)
RETURNS TABLE (rate numeric, from_date date)
LANGUAGE sql
STABLE
ROWS 1
AS $$
    SELECT r.rate, r.from_date
    FROM (
        SELECT r.rate, r.from_date, 1 AS turn
        FROM exchange_rate AS r
        WHERE
            r.currency = rate_on.currency
            AND r.into_currency = rate_on.into_currency
            AND r.from_date <= rate_on.day
        UNION ALL
        SELECT 1 / r.rate, r.from_date, 2
        FROM exchange_rate AS r
        WHERE
            r.currency = rate_on.into_currency
            AND r.into_currency = rate_on.currency
            AND r.from_date <= rate_on.day
    ) AS r
    ORDER BY r.from_date DESC, r.turn
    LIMIT 1;
$$;
