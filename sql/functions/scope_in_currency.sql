-- A scope in the currency asked for, else in its unit's own; by currency it has none, and each
-- amount stays in its own.
CREATE OR REPLACE FUNCTION scope_in_currency(
    scope report_slot,
    currency text,
    by_currency boolean
)
RETURNS report_slot
LANGUAGE plpgsql
STABLE
AS $$
BEGIN
    IF scope_in_currency.by_currency THEN
        scope.currency := NULL;
    ELSIF scope_in_currency.currency IS NOT NULL THEN
        scope.currency := currency_read(scope_in_currency.currency);
    END IF;
    RETURN scope;
END;
$$;
