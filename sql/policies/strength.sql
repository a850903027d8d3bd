-- How many reps a unit has: known to those above it, once or now, to who manages it, and to the
-- team.
CREATE POLICY shown ON strength FOR SELECT TO tiejun_daemon
USING (
    (SELECT actor_has_all('led'))
    OR (SELECT actor_has_all('managed'))
    OR unit_id IN (
        SELECT unnest(actor_units('led') || actor_units('managed') || actor_units('board'))
    )
    OR unit_id IN (SELECT unnest(past_units()))
);

-- rep_time is for strength_keep() alone.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['membership', 'role_grant'] LOOP
        EXECUTE format(
            'CREATE TRIGGER strength_insert AFTER INSERT ON %1$I'
            ' REFERENCING NEW TABLE AS new_rows'
            ' FOR EACH STATEMENT EXECUTE FUNCTION strength_changed();'
            'CREATE TRIGGER strength_update AFTER UPDATE ON %1$I'
            ' REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows'
            ' FOR EACH STATEMENT EXECUTE FUNCTION strength_changed();'
            'CREATE TRIGGER strength_delete AFTER DELETE ON %1$I'
            ' REFERENCING OLD TABLE AS old_rows'
            ' FOR EACH STATEMENT EXECUTE FUNCTION strength_changed();',
            name
        );
    END LOOP;
END;
$$;
-- What is kept is what the functions of this version make of it: those of the one before may have
-- changed people and the tree since the migrations.
DELETE FROM rep_time;
INSERT INTO rep_time SELECT * FROM rep_times(NULL);
SELECT org_rebuild();
