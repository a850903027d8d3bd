-- A currency's code as a request has it, in capitals.
CREATE OR REPLACE FUNCTION currency_read(currency text, field text DEFAULT 'currency')
RETURNS text
LANGUAGE plpgsql
STABLE
AS $$
BEGIN
    IF upper(currency) !~ '^[A-Z]{3}$' THEN
        PERFORM refuse('bad_currency', field, currency);
    END IF;
    RETURN upper(currency);
END;
$$;
