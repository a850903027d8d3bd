-- Rates that a figure was converted by, each once, in step: currency, rate and the rate's day. NULL
-- where there are none.
CREATE OR REPLACE FUNCTION rates_told(
    used rate_used[],
    OUT currencies text[],
    OUT rates text[],
    OUT dates text[]
)
LANGUAGE plpgsql
IMMUTABLE
AS $$
#variable_conflict use_column
BEGIN
    IF cardinality(used) > 0 THEN
        SELECT
            array_agg(u.currency ORDER BY u.currency, u.from_date),
            array_agg(trim_scale(round(u.rate, 12))::text ORDER BY u.currency, u.from_date),
            array_agg(u.from_date::text ORDER BY u.currency, u.from_date)
        INTO currencies, rates, dates
        FROM (SELECT DISTINCT t.* FROM unnest(used) AS t) AS u;
    END IF;
END;
$$;
