-- Customers of the actor and of those it leads: as owners, or with a deal of theirs. The registry
-- and the marks know all of them; only functions read those.
CREATE POLICY shown ON customer FOR SELECT TO tiejun_daemon
USING (
    owner_id = (SELECT actor())
    OR (SELECT actor_has_all('led'))
    OR owner_id IN (SELECT unnest(actor_people('led')))
    OR EXISTS (
        SELECT
        FROM deal AS d
        WHERE
            d.customer_id = customer.id
            AND d.customer_office_id = customer.office_id
            AND (
                d.person_id = (SELECT actor())
                OR d.person_id IN (SELECT unnest(actor_people('led')))
            )
    )
);
CREATE POLICY made ON customer FOR INSERT TO tiejun_daemon
WITH CHECK (
    registered_by = (SELECT actor())
    AND (
        owner_id = (SELECT actor())
        OR (SELECT actor_has_all('led'))
        OR owner_id IN (SELECT unnest(actor_people('led')))
    )
);
CREATE POLICY changed ON customer FOR UPDATE TO tiejun_daemon
USING (
    owner_id = (SELECT actor())
    OR (SELECT actor_has_all('led'))
    OR owner_id IN (SELECT unnest(actor_people('led')))
);

CREATE POLICY shown ON deal FOR SELECT TO tiejun_daemon
USING (
    person_id = (SELECT actor())
    OR (SELECT actor_has_all('led'))
    OR unit_id IN (SELECT unnest(actor_units('led')))
    OR person_id IN (SELECT unnest(actor_people('led')))
    OR (
        unit_id IN (SELECT unnest(past_units()))
        AND EXISTS (
            SELECT
            FROM reach AS r
            WHERE
                r.unit_id = deal.unit_id
                AND r.ancestor_id = ANY ((SELECT actor_units('led'))::bigint[])
                AND deal.opened_on BETWEEN r.from_date AND r.to_date
        )
    )
);
CREATE POLICY made ON deal FOR INSERT TO tiejun_daemon
WITH CHECK (
    person_id = (SELECT actor())
    OR (SELECT actor_has_all('led'))
    OR person_id IN (SELECT unnest(actor_people('led')))
);
CREATE POLICY changed ON deal FOR UPDATE TO tiejun_daemon
USING (
    person_id = (SELECT actor())
    OR (SELECT actor_has_all('led'))
    OR person_id IN (SELECT unnest(actor_people('led')))
);

-- A step goes with its deal.
CREATE POLICY shown ON deal_event FOR SELECT TO tiejun_daemon
USING (
    (SELECT actor_has_all('led'))
    OR EXISTS (
        SELECT
        FROM deal AS d
        WHERE d.id = deal_event.deal_id AND d.office_id = deal_event.office_id
    )
);
CREATE POLICY made ON deal_event FOR INSERT TO tiejun_daemon
WITH CHECK (
    actor_id = (SELECT actor())
    AND (
        (SELECT actor_has_all('led'))
        OR EXISTS (
            SELECT
            FROM deal AS d
            WHERE
                d.id = deal_event.deal_id
                AND d.office_id = deal_event.office_id
                AND (
                    d.person_id = (SELECT actor())
                    OR d.person_id IN (SELECT unnest(actor_people('led')))
                )
        )
    )
);
