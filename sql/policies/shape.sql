-- The company's shape and rules, known to all who work there. Changes: see 00_all.sql.
CREATE POLICY shown ON unit FOR SELECT TO tiejun_daemon USING (true);
CREATE POLICY made ON unit FOR INSERT TO tiejun_daemon
WITH CHECK (
    (SELECT actor_has_all('managed')) OR (SELECT cardinality(actor_units('managed')) > 0)
);
CREATE POLICY changed ON unit FOR UPDATE TO tiejun_daemon
USING (
    (SELECT actor_has_all('managed')) OR id IN (SELECT unnest(actor_units('managed')))
);

-- Where a unit hangs is changed by whoever manages it and the unit above.
CREATE POLICY shown ON placement FOR SELECT TO tiejun_daemon USING (true);
CREATE POLICY made ON placement FOR INSERT TO tiejun_daemon
WITH CHECK (
    (SELECT actor_has_all('managed'))
    OR (
        unit_id IN (SELECT unnest(actor_units('managed')))
        AND parent_id IN (SELECT unnest(actor_units('managed')))
    )
);
CREATE POLICY changed ON placement FOR UPDATE TO tiejun_daemon
USING (
    (SELECT actor_has_all('managed')) OR unit_id IN (SELECT unnest(actor_units('managed')))
);
CREATE POLICY removed ON placement FOR DELETE TO tiejun_daemon
USING (
    (SELECT actor_has_all('managed')) OR unit_id IN (SELECT unnest(actor_units('managed')))
);

CREATE POLICY shown ON reach FOR SELECT TO tiejun_daemon USING (true);

CREATE POLICY shown ON metric FOR SELECT TO tiejun_daemon USING (true);
CREATE POLICY shown ON setting_default FOR SELECT TO tiejun_daemon USING (true);

CREATE POLICY shown ON standard FOR SELECT TO tiejun_daemon USING (true);
CREATE POLICY made ON standard FOR INSERT TO tiejun_daemon
WITH CHECK (
    (SELECT actor_has_all('planned')) OR unit_id IN (SELECT unnest(actor_units('planned')))
);
CREATE POLICY changed ON standard FOR UPDATE TO tiejun_daemon
USING (
    (SELECT actor_has_all('planned')) OR unit_id IN (SELECT unnest(actor_units('planned')))
);

CREATE POLICY shown ON setting FOR SELECT TO tiejun_daemon USING (true);
CREATE POLICY made ON setting FOR INSERT TO tiejun_daemon
WITH CHECK (
    (SELECT actor_has_all('planned')) OR unit_id IN (SELECT unnest(actor_units('planned')))
);
CREATE POLICY changed ON setting FOR UPDATE TO tiejun_daemon
USING (
    (SELECT actor_has_all('planned')) OR unit_id IN (SELECT unnest(actor_units('planned')))
);

CREATE POLICY shown ON calendar_exception FOR SELECT TO tiejun_daemon USING (true);
CREATE POLICY made ON calendar_exception FOR INSERT TO tiejun_daemon
WITH CHECK (
    (SELECT actor_has_all('planned')) OR unit_id IN (SELECT unnest(actor_units('planned')))
);
CREATE POLICY changed ON calendar_exception FOR UPDATE TO tiejun_daemon
USING (
    (SELECT actor_has_all('planned')) OR unit_id IN (SELECT unnest(actor_units('planned')))
);

CREATE POLICY shown ON working_week FOR SELECT TO tiejun_daemon USING (true);
CREATE POLICY made ON working_week FOR INSERT TO tiejun_daemon
WITH CHECK (
    (SELECT actor_has_all('planned')) OR unit_id IN (SELECT unnest(actor_units('planned')))
);
CREATE POLICY changed ON working_week FOR UPDATE TO tiejun_daemon
USING (
    (SELECT actor_has_all('planned')) OR unit_id IN (SELECT unnest(actor_units('planned')))
);

-- Rates hold for the whole company.
CREATE POLICY shown ON exchange_rate FOR SELECT TO tiejun_daemon USING (true);
CREATE POLICY made ON exchange_rate FOR INSERT TO tiejun_daemon
WITH CHECK (actor_id = (SELECT actor()) AND (SELECT actor_has_all('planned')));
CREATE POLICY changed ON exchange_rate FOR UPDATE TO tiejun_daemon
USING ((SELECT actor_has_all('planned')));
