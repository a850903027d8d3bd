-- A day written YYYY-MM-DD; NULL stays NULL. Years are bounded so that a slip of the pen does not
-- make a range of millennia.
CREATE OR REPLACE FUNCTION date_of(value text, field text)
RETURNS date
LANGUAGE plpgsql
IMMUTABLE
AS $$
DECLARE
    parts integer[];
    last_day integer;
BEGIN
    IF value IS NULL THEN
        RETURN NULL;
    END IF;
    IF value ~ '^(19|20|21)\d\d-(0[1-9]|1[0-2])-\d\d$' THEN
        parts := string_to_array(value, '-')::integer[];
        last_day := date_part(
            'day',
            make_date(parts[1], parts[2], 1) + interval '1 month' - interval '1 day'
        );
        IF parts[3] BETWEEN 1 AND last_day THEN
            RETURN make_date(parts[1], parts[2], parts[3]);
        END IF;
    END IF;
    PERFORM refuse('bad_date', field, value);
END;
$$;
