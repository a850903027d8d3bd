-- The currency of a goal for a metric: for money the one asked for or the unit's own, for counts
-- none.
CREATE OR REPLACE FUNCTION goal_currency(aim metric, currency text, unit_id bigint)
RETURNS text
LANGUAGE plpgsql
STABLE
AS $$
BEGIN
    IF NOT aim.is_money THEN
        IF currency IS NOT NULL THEN
            PERFORM refuse('currency_of_count', 'currency', aim.metric);
        END IF;
        RETURN NULL;
    END IF;
    currency := coalesce(upper(currency), unit_currency(unit_id));
    IF currency !~ '^[A-Z]{3}$' THEN
        PERFORM refuse('bad_currency', 'currency', currency);
    END IF;
    RETURN currency;
END;
$$;
