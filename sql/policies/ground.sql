-- What facts are placed and judged by: whom a name means, memberships, units with the zone and
-- currency that they inherit, settings. Nobody reads ground_change but the functions of the intake.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'person', 'unit', 'reach', 'membership', 'setting', 'setting_default'
    ]
    LOOP
        EXECUTE format(
            'CREATE TRIGGER ground_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON %I'
            ' FOR EACH STATEMENT EXECUTE FUNCTION ground_changed();',
            name
        );
    END LOOP;
END;
$$;
-- Numbers of another cluster, from which this one was restored, tell nothing here.
DELETE FROM ground_change WHERE xid > pg_current_xact_id();
