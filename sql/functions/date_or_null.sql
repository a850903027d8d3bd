-- A day written YYYY-MM-DD, within the bounds of date_of(); NULL for anything else, so that one bad
-- date refuses its own row alone.
CREATE OR REPLACE FUNCTION date_or_null(value text)
RETURNS date
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
    SELECT
        CASE
            WHEN value ~ '^(19|20|21)\d\d-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])$'
            THEN make_date(
                substr(value, 1, 4)::integer, substr(value, 6, 2)::integer,
                substr(value, 9, 2)::integer
            )
            -- The 29th to 31st, where the month has them: counted from its 28th it stays inside.
            WHEN value ~ '^(19|20|21)\d\d-(0[1-9]|1[0-2])-(29|30|31)$'
                AND date_part(
                    'month',
                    make_date(substr(value, 1, 4)::integer, substr(value, 6, 2)::integer, 28)
                    + (substr(value, 9, 2)::integer - 28)
                ) = substr(value, 6, 2)::integer
            THEN make_date(
                substr(value, 1, 4)::integer, substr(value, 6, 2)::integer,
                substr(value, 9, 2)::integer
            )
        END;
$$;
