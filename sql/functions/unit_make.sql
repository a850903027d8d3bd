-- A new unit below a parent from a day on, checked. The caller holds org_lock() and calls
-- org_rebuild() when it has made all of its units.
CREATE OR REPLACE FUNCTION unit_make(
    parent_id bigint,
    name text,
    kind text,
    time_zone text,
    locale text,
    currency text,
    day date
)
RETURNS bigint
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    own_name text := btrim(unit_make.name);
    parent_path text;
    made bigint;
BEGIN
    PERFORM check_unit_text(own_name, unit_make.time_zone, unit_make.locale, unit_make.currency);
    PERFORM check_unit_place(unit_make.parent_id, unit_make.kind, own_name, unit_make.day);
    SELECT path INTO parent_path FROM unit WHERE id = unit_make.parent_id;
    INSERT INTO unit (name, kind, time_zone, locale, currency, path, exists_from)
    VALUES (
        own_name,
        unit_make.kind,
        unit_make.time_zone,
        unit_make.locale,
        unit_make.currency,
        rtrim(parent_path, '/') || '/' || own_name,
        unit_make.day
    )
    RETURNING id INTO made;
    -- What hangs below a unit that one manages is managed as well.
    IF NOT actor_has_all('managed') THEN
        PERFORM set_config('tiejun.managed', (actor_units('managed') || made)::text, true);
    END IF;
    INSERT INTO placement (unit_id, parent_id, from_date)
    VALUES (made, unit_make.parent_id, unit_make.day);
    RETURN made;
END;
$$;
