-- Goals are read by those above and by the team, and set by those above.
CREATE POLICY shown ON goal FOR SELECT TO tiejun_daemon
USING (
    (SELECT actor_has_all('led'))
    OR person_id = (SELECT actor())
    OR unit_id IN (SELECT unnest(actor_units('led') || actor_units('board') || past_units()))
    OR person_id IN (
        SELECT unnest(actor_people('led') || actor_people('board') || past_people())
    )
);
CREATE POLICY made ON goal FOR INSERT TO tiejun_daemon
WITH CHECK (
    (SELECT actor_has_all('led'))
    OR unit_id IN (SELECT unnest(actor_units('led')))
    OR person_id IN (SELECT unnest(actor_people('led')))
);
CREATE POLICY changed ON goal FOR UPDATE TO tiejun_daemon
USING (
    (SELECT actor_has_all('led'))
    OR unit_id IN (SELECT unnest(actor_units('led')))
    OR person_id IN (SELECT unnest(actor_people('led')))
);

-- A version goes with its goal.
CREATE POLICY shown ON goal_version FOR SELECT TO tiejun_daemon
USING (
    (SELECT actor_has_all('led')) OR EXISTS (SELECT FROM goal AS g WHERE g.id = goal_id)
);
CREATE POLICY made ON goal_version FOR INSERT TO tiejun_daemon
WITH CHECK (
    actor_id = (SELECT actor())
    AND (
        (SELECT actor_has_all('led'))
        OR EXISTS (
            SELECT
            FROM goal AS g
            WHERE
                g.id = goal_id
                AND (
                    g.unit_id IN (SELECT unnest(actor_units('led')))
                    OR g.person_id IN (SELECT unnest(actor_people('led')))
                )
        )
    )
);
