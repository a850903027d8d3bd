-- The digits of a phone number; NULL for fewer than seven, which tell no two companies apart.
CREATE OR REPLACE FUNCTION phone_key(phone text)
RETURNS text
LANGUAGE sql
IMMUTABLE
PARALLEL SAFE
AS $$
    SELECT
        CASE
            WHEN length(regexp_replace(phone, '\D', '', 'g')) >= 7
            THEN regexp_replace(phone, '\D', '', 'g')
        END;
$$;
