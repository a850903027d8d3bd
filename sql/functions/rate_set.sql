-- RateService.Set: rates from their days on; all or none. One that is there already for its day is
-- replaced where it differs.
CREATE OR REPLACE FUNCTION rate_set(rates rate_in [], OUT rates_set integer)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    one rate_in;
    place integer := 0;
BEGIN
    rates_set := 0;
    FOREACH one IN ARRAY coalesce(rate_set.rates, '{}') LOOP
        place := place + 1;
        PERFORM
            require('currency', one.currency IS NOT NULL),
            require('into_currency', one.into_currency IS NOT NULL),
            require('rate', one.rate IS NOT NULL),
            date_of(one.from_date, 'from_date');
        IF currency_read(one.currency) = currency_read(one.into_currency, 'into_currency') THEN
            PERFORM refuse('bad_currency', 'into_currency', one.into_currency);
        ELSIF one.rate !~ '^\d{1,12}(\.\d{1,12})?$' OR one.rate::numeric = 0 THEN
            PERFORM refuse('bad_rate', 'rate', one.rate, place::text);
        END IF;
        INSERT INTO exchange_rate (currency, into_currency, from_date, rate, actor_id, made_at)
        VALUES (
            upper(one.currency),
            upper(one.into_currency),
            coalesce(one.from_date::date, company_today()),
            one.rate::numeric,
            actor(),
            now()
        )
        ON CONFLICT (currency, into_currency, from_date) DO UPDATE
        SET rate = excluded.rate, actor_id = excluded.actor_id, made_at = excluded.made_at
        WHERE exchange_rate.rate <> excluded.rate;
        rates_set := rates_set + 1;
    END LOOP;
END;
$$;
