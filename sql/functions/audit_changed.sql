-- Adds the change of one row of a table to the audit trail: all of a row that came or went, and
-- what differs of one that was changed.
CREATE OR REPLACE FUNCTION audit_changed(table_name text, old_entry jsonb, new_entry jsonb)
RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_variable
DECLARE
    entry jsonb := coalesce(new_entry, old_entry);
    before jsonb := audit_shown(old_entry);
    after jsonb := audit_shown(new_entry);
    who bigint := coalesce(
        entry ->> 'person_id', CASE table_name WHEN 'person' THEN entry ->> 'id' END
    );
    place bigint := coalesce(
        entry ->> 'unit_id', CASE table_name WHEN 'unit' THEN entry ->> 'id' END
    );
BEGIN
    IF before = after THEN
        RETURN;
    END IF;
    PERFORM
        audit_write(
            table_name,
            concat_ws(
                ' ',
                (SELECT p.handle FROM person AS p WHERE p.id = who),
                (SELECT u.path FROM unit AS u WHERE u.id = place)
            ),
            who,
            place,
            -- Of two versions only the keys that are not the same in both.
            (
                SELECT jsonb_object_agg(b.key, b.value)
                FROM jsonb_each(before) AS b
                WHERE after IS NULL OR after -> b.key IS DISTINCT FROM b.value
            ),
            (
                SELECT jsonb_object_agg(a.key, a.value)
                FROM jsonb_each(after) AS a
                WHERE before IS NULL OR before -> a.key IS DISTINCT FROM a.value
            )
        );
END;
$$;
