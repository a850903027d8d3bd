-- What two spellings of one company's name have in common (3.7): width and case of letters, spaces,
-- punctuation and a legal form at the end make no difference. NULL for a blank name. A batch asks
-- for a thousand of them: plain names are spared the dear steps by a cheap look.
CREATE OR REPLACE FUNCTION name_key(name text)
RETURNS text
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
    SELECT
        CASE
            -- Letters, digits and spaces without a legal form: nearly all that is typed.
            WHEN
                name !~ '[^A-Za-z0-9 ]'
                AND lower(right(rtrim(name), 3)) NOT IN (
                    'ltd', 'ted', 'inc', 'llc', 'orp', 'ion', 'mbh', 'plc'
                )
            THEN nullif(replace(lower(name), ' ', ''), '')
            ELSE name_key_of_any(name)
        END;
$$;
