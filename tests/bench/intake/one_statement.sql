-- The same fact in one statement, which is its own transaction: one round trip.
\set n random(0, :people - 1)
\set person :first_person + :n
\set team :n / :in_team
\set office :first_office + :team / :teams_in_office * (:teams_in_office + 1)
\set unit :office + 1 + :team % :teams_in_office
\set customer random(0, 9)
WITH
    added AS (
        INSERT INTO fact (
            office_id, id, person_id, unit_id, kind, occurred_at, local_date, received_at, actor_id,
            customer_office_id, customer_id, deal_id, contact_role, minutes, outcome, next_step,
            next_step_date, effective, rule_version
        ) VALUES (
            :office, bench.uuid_v7(), :person, :unit, 'visit', now(), current_date, now(), :person,
            :office, bench.uuid_of(:person, :customer), bench.uuid_of(:customer, :person),
            'head of purchasing', 40, 'wants an offer for the second line by the end of the month',
            'send the offer', '2099-01-01', true, 1
        ) ON CONFLICT DO NOTHING
        RETURNING office_id, unit_id, person_id, local_date
    )
INSERT INTO total (office_id, scope, scope_id, grain, date, metric, currency, done, effective)
SELECT a.office_id, s.scope, s.scope_id, g.grain, g.date, 'visits', '', 1, 1
FROM added AS a
CROSS JOIN LATERAL (
    VALUES ('o'::"char", a.office_id), ('p'::"char", a.person_id), ('u'::"char", a.unit_id)
) AS s (scope, scope_id)
CROSS JOIN LATERAL (
    VALUES ('d'::"char", a.local_date), ('m'::"char", date_trunc('month', a.local_date)::date)
) AS g (grain, date)
ON CONFLICT (office_id, scope, scope_id, grain, date, metric, currency) DO UPDATE
SET done = total.done + excluded.done, effective = total.effective + excluded.effective;
