-- Ends the statement with a refusal that the daemon turns into a sentence: its code, the field at
-- fault and the sentence's parts.
CREATE OR REPLACE FUNCTION refuse(
    code text,
    field text,
    VARIADIC arguments text[] DEFAULT '{}'
)
RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'TJ001',
        MESSAGE = code,
        COLUMN = coalesce(field, ''),
        DETAIL = array_to_string(arguments, chr(31), '');
END;
$$;
