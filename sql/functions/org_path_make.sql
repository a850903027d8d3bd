-- The unit at the end of a path, made with all that is missing on the way, and how many were made.
-- kinds are those along the path ("region/office/team"); the last goes to deeper ones. The time
-- zone is that of the last unit, when it is made here. For org_import().
CREATE OR REPLACE FUNCTION org_path_make(
    path text,
    kinds text,
    time_zone text,
    day date,
    OUT unit_id bigint,
    OUT made integer
)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    names text[] := string_to_array(btrim(btrim(org_path_make.path), '/'), '/');
    kind_list text[] := string_to_array(coalesce(org_path_make.kinds, 'region/office/team'), '/');
    here bigint;
BEGIN
    made := 0;
    SELECT u.id INTO here FROM unit AS u WHERE u.path = '/' || array_to_string(names, '/');
    IF FOUND THEN
        unit_id := here;
        RETURN;
    END IF;
    IF NOT kind_list <@ '{region,office,team}'::text[] OR cardinality(kind_list) = 0 THEN
        PERFORM refuse('bad_kinds', 'kinds', org_path_make.kinds);
    END IF;
    SELECT u.id INTO unit_id FROM unit AS u WHERE u.kind = 'company';
    FOR i IN 1..cardinality(names) LOOP
        SELECT u.id INTO here
        FROM unit AS u
        WHERE u.path = '/' || array_to_string(names[1:i], '/');
        IF NOT FOUND THEN
            PERFORM unit_existed(unit_id, org_path_make.day);
            here := unit_make(
                unit_id,
                names[i],
                kind_list[least(i, cardinality(kind_list))],
                CASE i WHEN cardinality(names) THEN org_path_make.time_zone END,
                NULL,
                NULL,
                org_path_make.day
            );
            made := made + 1;
        END IF;
        unit_id := here;
    END LOOP;
END;
$$;
