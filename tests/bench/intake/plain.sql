-- A fact the plain way: a transaction of four round trips. :people reps in :teams_in_office teams of
-- :in_team, whose ids follow from one number.
\set n random(0, :people - 1)
\set person :first_person + :n
\set team :n / :in_team
\set office :first_office + :team / :teams_in_office * (:teams_in_office + 1)
\set unit :office + 1 + :team % :teams_in_office
\set customer random(0, 9)
BEGIN;
INSERT INTO fact (
    office_id, id, person_id, unit_id, kind, occurred_at, local_date, received_at, actor_id,
    customer_office_id, customer_id, deal_id, contact_role, minutes, outcome, next_step,
    next_step_date, effective, rule_version
) VALUES (
    :office, bench.uuid_v7(), :person, :unit, 'visit', now(), current_date, now(), :person,
    :office, bench.uuid_of(:person, :customer), bench.uuid_of(:customer, :person),
    'head of purchasing', 40, 'wants an offer for the second line by the end of the month',
    'send the offer', '2099-01-01', true, 1
) ON CONFLICT DO NOTHING;
INSERT INTO total (office_id, scope, scope_id, grain, date, metric, currency, done, effective)
VALUES
    (:office, 'o', :office, 'd', current_date, 'visits', '', 1, 1),
    (:office, 'o', :office, 'm', date_trunc('month', current_date), 'visits', '', 1, 1),
    (:office, 'p', :person, 'd', current_date, 'visits', '', 1, 1),
    (:office, 'p', :person, 'm', date_trunc('month', current_date), 'visits', '', 1, 1),
    (:office, 'u', :unit, 'd', current_date, 'visits', '', 1, 1),
    (:office, 'u', :unit, 'm', date_trunc('month', current_date), 'visits', '', 1, 1)
ON CONFLICT (office_id, scope, scope_id, grain, date, metric, currency) DO UPDATE
SET done = total.done + excluded.done, effective = total.effective + excluded.effective;
END;
