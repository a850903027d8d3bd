-- SettingService.Set: a unit's own setting from a day on, of the kind that the default is of.
-- Numbers are whole and of the setting's range; lists are of words.
CREATE OR REPLACE FUNCTION setting_set(
    INOUT unit text,
    INOUT key text,
    INOUT value text,
    INOUT from_date text
)
RETURNS SETOF record
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    place bigint := unit_or_home(setting_set.unit);
    day date := coalesce(date_of(setting_set.from_date, 'from_date'), unit_today(place));
    usual setting_default;
    wanted jsonb;
BEGIN
    PERFORM
        require('key', setting_set.key IS NOT NULL),
        require('value', setting_set.value IS NOT NULL);
    SELECT d.* INTO usual FROM setting_default AS d WHERE d.key = setting_set.key;
    IF NOT FOUND THEN
        PERFORM refuse(
            'unknown_setting',
            'key',
            setting_set.key,
            (SELECT string_agg(d.key, ', ' ORDER BY d.key) FROM setting_default AS d)
        );
    END IF;
    BEGIN
        wanted := setting_set.value::jsonb;
    EXCEPTION WHEN invalid_text_representation THEN
        PERFORM refuse(
            'bad_setting', 'value', setting_set.value, setting_set.key, usual.value::text
        );
    END;
    IF jsonb_typeof(wanted) <> jsonb_typeof(usual.value)
        OR (jsonb_typeof(wanted) = 'number' AND wanted::text !~ '^\d{1,9}$')
        OR jsonb_path_exists(wanted, 'strict $[*] ? (@.type() != "string" || @ == "")', '{}', true)
    THEN
        PERFORM refuse(
            'bad_setting', 'value', setting_set.value, setting_set.key, usual.value::text
        );
    END IF;
    IF jsonb_typeof(wanted) = 'number'
        AND wanted::integer NOT BETWEEN usual.least AND usual.most
    THEN
        PERFORM refuse(
            'setting_out_of_range',
            'value',
            setting_set.key,
            setting_set.value,
            usual.least::text,
            usual.most::text
        );
    END IF;
    INSERT INTO setting (unit_id, key, from_date, value)
    VALUES (place, setting_set.key, day, wanted)
    ON CONFLICT (unit_id, key, from_date) DO UPDATE
    SET value = excluded.value;
    RETURN QUERY
    SELECT u.path, setting_set.key, wanted::text, day::text FROM unit AS u WHERE u.id = place;
END;
$$;
