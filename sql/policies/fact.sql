-- Facts: one's own, those of led units where the work was done, and those of their people.
CREATE POLICY shown ON fact FOR SELECT TO tiejun_daemon
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
                r.unit_id = fact.unit_id
                AND r.ancestor_id = ANY ((SELECT actor_units('led'))::bigint[])
                AND fact.local_date BETWEEN r.from_date AND r.to_date
        )
    )
);
CREATE POLICY made ON fact FOR INSERT TO tiejun_daemon
WITH CHECK (
    actor_id = (SELECT actor())
    AND (
        person_id = (SELECT actor())
        OR (SELECT actor_has_all('led'))
        OR person_id IN (SELECT unnest(actor_people('led')))
    )
);

-- Facts that wait for an approval: one's own, and those of people of led units, who may be declined
-- by others than themselves. The intake alone puts them in.
CREATE POLICY shown ON fact_pending FOR SELECT TO tiejun_daemon
USING (
    person_id = (SELECT actor())
    OR (SELECT actor_has_all('led'))
    OR person_id IN (SELECT unnest(actor_people('led')))
);
CREATE POLICY changed ON fact_pending FOR UPDATE TO tiejun_daemon
USING (
    person_id <> (SELECT actor())
    AND ((SELECT actor_has_all('led')) OR person_id IN (SELECT unnest(actor_people('led'))))
);

-- Totals: as facts; and those of the team's board, which are all that a rep sees of others. A
-- monthly row of past days is shown where its whole month is.
CREATE POLICY shown ON total FOR SELECT TO tiejun_daemon
USING (
    (SELECT actor_has_all('led'))
    OR CASE
        WHEN scope = 'p'
        THEN
            scope_id = (SELECT actor())
            OR scope_id IN (SELECT unnest(actor_people('led') || actor_people('board')))
        ELSE scope_id IN (SELECT unnest(actor_units('led') || actor_units('board')))
    END
    OR (
        scope <> 'p'
        AND scope_id IN (SELECT unnest(past_units()))
        AND EXISTS (
            SELECT
            FROM reach AS r
            WHERE
                r.unit_id = total.scope_id
                AND r.ancestor_id = ANY ((SELECT actor_units('led'))::bigint[])
                AND total.date >= r.from_date
                AND total.date
                + CASE total.grain WHEN 'm' THEN interval '1 month - 1 day' ELSE interval '0' END
                <= r.to_date
        )
    )
    OR (
        scope = 'p'
        AND scope_id IN (SELECT unnest(past_people()))
        AND EXISTS (
            SELECT
            FROM membership AS m
            WHERE
                m.person_id = total.scope_id
                AND m.office_id = total.office_id
                AND total.date >= m.from_date
                AND total.date
                + CASE total.grain WHEN 'm' THEN interval '1 month - 1 day' ELSE interval '0' END
                <= m.to_date
                AND (
                    m.unit_id IN (SELECT unnest(actor_units('led') || actor_units('board')))
                    OR EXISTS (
                        SELECT
                        FROM reach AS r
                        WHERE
                            r.unit_id = m.unit_id
                            AND r.ancestor_id = ANY ((SELECT actor_units('led'))::bigint[])
                            AND total.date BETWEEN r.from_date AND r.to_date
                    )
                )
        )
    )
);
