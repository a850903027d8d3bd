-- Names are known to all, and who leads which unit; who belongs where, to those above and to the
-- team.
CREATE POLICY shown ON person FOR SELECT TO tiejun_daemon USING (true);
CREATE POLICY made ON person FOR INSERT TO tiejun_daemon
WITH CHECK (
    (SELECT actor_has_all('managed')) OR (SELECT cardinality(actor_units('managed')) > 0)
);
CREATE POLICY changed ON person FOR UPDATE TO tiejun_daemon
USING (
    id = (SELECT actor())
    OR (SELECT actor_has_all('managed'))
    OR id IN (SELECT unnest(actor_people('managed')))
);

CREATE POLICY shown ON membership FOR SELECT TO tiejun_daemon
USING (
    person_id = (SELECT actor())
    OR (SELECT actor_has_all('led'))
    OR (SELECT actor_has_all('managed'))
    OR unit_id IN (
        SELECT unnest(actor_units('led') || actor_units('managed') || actor_units('board'))
    )
    OR person_id IN (
        SELECT unnest(actor_people('led') || actor_people('managed') || actor_people('board'))
    )
    OR (
        unit_id IN (SELECT unnest(past_units()))
        AND EXISTS (
            SELECT
            FROM reach AS r
            WHERE
                r.unit_id = membership.unit_id
                AND r.ancestor_id = ANY ((SELECT actor_units('led'))::bigint[])
                AND r.from_date <= membership.to_date
                AND r.to_date >= membership.from_date
        )
    )
);
CREATE POLICY made ON membership FOR INSERT TO tiejun_daemon
WITH CHECK (
    (SELECT actor_has_all('managed')) OR unit_id IN (SELECT unnest(actor_units('managed')))
);
CREATE POLICY changed ON membership FOR UPDATE TO tiejun_daemon
USING (
    (SELECT actor_has_all('managed'))
    OR unit_id IN (SELECT unnest(actor_units('managed')))
    OR person_id IN (SELECT unnest(actor_people('managed')))
);
CREATE POLICY removed ON membership FOR DELETE TO tiejun_daemon
USING (
    (SELECT actor_has_all('managed'))
    OR unit_id IN (SELECT unnest(actor_units('managed')))
    OR person_id IN (SELECT unnest(actor_people('managed')))
);

CREATE POLICY shown ON role_grant FOR SELECT TO tiejun_daemon USING (true);
CREATE POLICY made ON role_grant FOR INSERT TO tiejun_daemon
WITH CHECK (
    (SELECT actor_has_all('directed'))
    OR unit_id IN (SELECT unnest(actor_units('directed')))
    OR (
        role <> 'director'
        AND person_id <> (SELECT actor())
        AND (
            (SELECT actor_has_all('managed'))
            OR unit_id IN (SELECT unnest(actor_units('managed')))
        )
    )
    -- Whoever holds a role may lend it.
    OR (
        lent_by = (SELECT actor())
        AND role_is_own((SELECT actor()), role, unit_id, from_date, to_date)
    )
);
CREATE POLICY changed ON role_grant FOR UPDATE TO tiejun_daemon
USING (
    (SELECT actor_has_all('directed'))
    OR unit_id IN (SELECT unnest(actor_units('directed')))
    OR (
        role <> 'director'
        AND person_id <> (SELECT actor())
        AND (
            (SELECT actor_has_all('managed'))
            OR unit_id IN (SELECT unnest(actor_units('managed')))
        )
    )
    OR lent_by = (SELECT actor())
)
-- What becomes of a loan is still one that may be given.
WITH CHECK (
    (SELECT actor_has_all('directed'))
    OR unit_id IN (SELECT unnest(actor_units('directed')))
    OR (
        role <> 'director'
        AND person_id <> (SELECT actor())
        AND (
            (SELECT actor_has_all('managed'))
            OR unit_id IN (SELECT unnest(actor_units('managed')))
        )
    )
    OR (
        lent_by = (SELECT actor())
        AND role_is_own((SELECT actor()), role, unit_id, from_date, to_date)
    )
);
CREATE POLICY removed ON role_grant FOR DELETE TO tiejun_daemon
USING (
    (SELECT actor_has_all('directed'))
    OR unit_id IN (SELECT unnest(actor_units('directed')))
    OR (
        role <> 'director'
        AND person_id <> (SELECT actor())
        AND (
            (SELECT actor_has_all('managed'))
            OR unit_id IN (SELECT unnest(actor_units('managed')))
        )
    )
    OR lent_by = (SELECT actor())
);

CREATE POLICY shown ON device FOR SELECT TO tiejun_daemon
USING (
    person_id = (SELECT actor())
    OR (SELECT actor_has_all('managed'))
    OR person_id IN (SELECT unnest(actor_people('managed')))
);
CREATE POLICY made ON device FOR INSERT TO tiejun_daemon
WITH CHECK (
    person_id = (SELECT actor())
    OR (SELECT actor_has_all('managed'))
    OR person_id IN (SELECT unnest(actor_people('managed')))
);
CREATE POLICY changed ON device FOR UPDATE TO tiejun_daemon
USING (
    person_id = (SELECT actor())
    OR (SELECT actor_has_all('managed'))
    OR person_id IN (SELECT unnest(actor_people('managed')))
);
