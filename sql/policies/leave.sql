-- Who is away when counts in every roll-up that has the person's standard in it: it is read by all
-- who may see that. Why is told to the person and to those above alone, by leave_list().
CREATE POLICY shown ON leave FOR SELECT TO tiejun_daemon
USING (
    person_id = (SELECT actor())
    OR (SELECT actor_has_all('led'))
    OR (SELECT actor_has_all('managed'))
    OR person_id IN (
        SELECT
            unnest(
                actor_people('led')
                || actor_people('managed')
                || actor_people('board')
                || past_people()
            )
    )
);
CREATE POLICY made ON leave FOR INSERT TO tiejun_daemon
WITH CHECK (
    actor_id = (SELECT actor())
    AND (
        (SELECT actor_has_all('led'))
        OR (SELECT actor_has_all('managed'))
        OR person_id IN (SELECT unnest(actor_people('led') || actor_people('managed')))
    )
);
CREATE POLICY changed ON leave FOR UPDATE TO tiejun_daemon
USING (
    (SELECT actor_has_all('led'))
    OR (SELECT actor_has_all('managed'))
    OR person_id IN (SELECT unnest(actor_people('led') || actor_people('managed')))
);
CREATE POLICY removed ON leave FOR DELETE TO tiejun_daemon
USING (
    (SELECT actor_has_all('led'))
    OR (SELECT actor_has_all('managed'))
    OR person_id IN (SELECT unnest(actor_people('led') || actor_people('managed')))
);
