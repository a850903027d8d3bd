-- For name_key(): what it says, for a name of any letters.
CREATE OR REPLACE FUNCTION name_key_of_any(name text)
RETURNS text
LANGUAGE plpgsql
IMMUTABLE
PARALLEL SAFE
AS $$
DECLARE
    -- Listed, not [:punct:]: what that class holds depends on the database's locale.
    punctuation CONSTANT text := E' \t\r\n\u00a0.,;:''"`´‘’“”()[]{}<>《》〈〉「」【】/\\|'
        '-‐–—_&+*!?#@%~^=·•、。';
    spelled text := lower(normalize(btrim(name), NFKC));
    bare text;
BEGIN
    -- The ends of all legal forms.
    bare := CASE
        WHEN right(rtrim(spelled, E' \t\r\n\f\v.'), 3) NOT IN (
            'ltd', 'ted', 'inc', 'llc', 'orp', 'ion', 'mbh', 'plc'
        ) AND spelled NOT LIKE '%公司%'
        THEN spelled
        WHEN spelled LIKE '%股份有限公司' OR spelled LIKE '%有限责任公司' THEN left(spelled, -6)
        WHEN spelled LIKE '%有限公司' THEN left(spelled, -4)
        ELSE regexp_replace(
            spelled,
            '(([\s,]+co[.,]?)?[\s,]+(ltd|limited|inc|incorporated|llc|corp|corporation|gmbh|plc)\.?'
            '|股份有限公司|有限责任公司|有限公司)\s*$',
            ''
        )
    END;
    IF bare ~ '[^a-z0-9\u4e00-\u9fff]' THEN
        bare := translate(bare, punctuation, '');
    END IF;
    RETURN nullif(CASE bare WHEN '' THEN spelled ELSE bare END, '');
END;
$$;
