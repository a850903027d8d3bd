-- OrgService.Import: units and people by path. What exists is left as it is, so that the same rows
-- again change nothing; a row that is refused changes nothing either and says why in code, field
-- and, as the sentence's parts, message. A dry run does it all and takes it back.
--
-- A unit exists from the first day on which a row needs it: rows come in any order of time.
CREATE OR REPLACE FUNCTION org_import("rows" org_row_in [], dry_run boolean)
RETURNS TABLE (
    line integer,
    units_added integer,
    person_added boolean,
    field text,
    code text,
    message text
)
LANGUAGE plpgsql
AS $$
#variable_conflict use_variable
DECLARE
    entry org_row_in;
    place record;
    today date := company_today();
    everywhere boolean := holds_role(
        '{director,admin}', (SELECT u.id FROM unit AS u WHERE u.kind = 'company')
    );
    day date;
BEGIN
    PERFORM org_lock();
    BEGIN
        FOREACH entry IN ARRAY coalesce(org_import."rows", '{}') LOOP
            line := entry.line;
            units_added := 0;
            person_added := false;
            field := NULL;
            code := NULL;
            message := NULL;
            BEGIN
                entry.handle := nullif(btrim(entry.handle), '');
                entry.name := nullif(btrim(entry.name), '');
                PERFORM require('unit', btrim(entry.unit) <> '');
                PERFORM require('handle', entry.handle IS NOT NULL OR entry.name IS NULL);
                IF NOT everywhere THEN
                    PERFORM check_import_right(entry.unit);
                END IF;
                day := coalesce(date_of(entry.from_date, 'from_date'), today);
                place := org_path_make(entry.unit, entry.kinds, entry.time_zone, day);
                units_added := place.made;
                PERFORM FROM person AS p WHERE lower(p.handle) = lower(entry.handle);
                IF entry.handle IS NOT NULL AND NOT FOUND THEN
                    PERFORM unit_existed(place.unit_id, day);
                    PERFORM person_make(
                        entry.handle,
                        coalesce(entry.name, entry.handle),
                        place.unit_id,
                        entry.role,
                        day
                    );
                    person_added := true;
                END IF;
            EXCEPTION
                WHEN SQLSTATE 'TJ001' THEN
                    GET STACKED DIAGNOSTICS
                        code = MESSAGE_TEXT,
                        field = COLUMN_NAME,
                        message = PG_EXCEPTION_DETAIL;
                    units_added := 0;
                    person_added := false;
            END;
            RETURN NEXT;
        END LOOP;
        PERFORM org_rebuild();
        IF org_import.dry_run THEN
            RAISE EXCEPTION USING ERRCODE = 'TJ002', MESSAGE = 'dry run';
        END IF;
    EXCEPTION
        WHEN SQLSTATE 'TJ002' THEN
            NULL;
    END;
END;
$$;
