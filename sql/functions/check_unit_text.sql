-- Refuses a unit's name, time zone, locale or currency that cannot be one. NULL is inherited.
CREATE OR REPLACE FUNCTION check_unit_text(
    name text,
    time_zone text,
    locale text,
    currency text
)
RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM require('name', btrim(name) <> '');
    IF name ~ '[/[:cntrl:]]' OR length(name) > 100 THEN
        PERFORM refuse('bad_unit_name', 'name', name);
    END IF;
    IF locale !~ '^[a-z]{2,3}([_-][A-Za-z]{2,4})*$' THEN
        PERFORM refuse('bad_locale', 'locale', locale);
    END IF;
    IF currency !~ '^[A-Z]{3}$' THEN
        PERFORM refuse('bad_currency', 'currency', currency);
    END IF;
    -- Written out, since PostgreSQL would take "BST5" and the like for a zone of its own making.
    IF time_zone !~ '^(UTC|[A-Z][A-Za-z]+(/[A-Za-z0-9_+-]+)+)$' THEN
        PERFORM refuse('bad_time_zone', 'time_zone', time_zone);
    END IF;
    BEGIN
        PERFORM now() AT TIME ZONE time_zone;
    EXCEPTION
        WHEN invalid_parameter_value THEN
            PERFORM refuse('bad_time_zone', 'time_zone', time_zone);
    END;
END;
$$;
