-- Objectives: for their owner and for those who lead the unit; region managers and directors set
-- them.
CREATE POLICY shown ON objective FOR SELECT TO tiejun_daemon
USING (
    owner_id = (SELECT actor())
    OR (SELECT actor_has_all('led'))
    OR unit_id IN (SELECT unnest(actor_units('led')))
);
CREATE POLICY made ON objective FOR INSERT TO tiejun_daemon
WITH CHECK ((SELECT actor_has_all('headed')) OR unit_id IN (SELECT unnest(actor_units('headed'))));
CREATE POLICY changed ON objective FOR UPDATE TO tiejun_daemon
USING ((SELECT actor_has_all('headed')) OR unit_id IN (SELECT unnest(actor_units('headed'))));

-- What belongs to an objective goes with it.
CREATE POLICY shown ON key_result FOR SELECT TO tiejun_daemon
USING (EXISTS (SELECT FROM objective AS o WHERE o.id = objective_id));
CREATE POLICY made ON key_result FOR INSERT TO tiejun_daemon
WITH CHECK (EXISTS (SELECT FROM objective AS o WHERE o.id = objective_id));

CREATE POLICY shown ON objective_note FOR SELECT TO tiejun_daemon
USING (EXISTS (SELECT FROM objective AS o WHERE o.id = objective_id));
CREATE POLICY made ON objective_note FOR INSERT TO tiejun_daemon
WITH CHECK (
    actor_id = (SELECT actor()) AND EXISTS (SELECT FROM objective AS o WHERE o.id = objective_id)
);
