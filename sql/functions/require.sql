-- Refuses a request that leaves out a field it cannot do without.
CREATE OR REPLACE FUNCTION require(field text, present boolean)
RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    IF present IS NOT TRUE THEN
        PERFORM refuse('missing_field', field, field);
    END IF;
END;
$$;
