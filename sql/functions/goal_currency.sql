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
    RETURN coalesce(currency_read(currency), unit_currency(unit_id));
END;
$$;
