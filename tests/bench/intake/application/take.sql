-- A fact and its totals in one statement, with what the request says.
WITH
    added AS (
        INSERT INTO fact (
            office_id, id, person_id, unit_id, kind, occurred_at, local_date, received_at, actor_id,
            customer_office_id, customer_id, deal_id, contact_role, minutes, outcome, next_step,
            next_step_date, effective, rule_version
        ) VALUES (
            $1::bigint, $2::uuid, $3::bigint, $4::bigint, 'visit', now(), current_date, now(), $3,
            $1, bench.uuid_of($3, $5), bench.uuid_of($5::bigint, $3), $6::text, $7::integer,
            $8::text, $9::text, $10::date, $11::boolean, 1
        ) ON CONFLICT DO NOTHING
        RETURNING office_id, unit_id, person_id, local_date, effective
    )
INSERT INTO total (office_id, scope, scope_id, grain, date, metric, currency, done, effective)
SELECT
    a.office_id, s.scope, s.scope_id, g.grain, g.date, 'visits', '', 1, a.effective::integer
FROM added AS a
CROSS JOIN LATERAL (
    VALUES ('o'::"char", a.office_id), ('p'::"char", a.person_id), ('u'::"char", a.unit_id)
) AS s (scope, scope_id)
CROSS JOIN LATERAL (
    VALUES ('d'::"char", a.local_date), ('m'::"char", date_trunc('month', a.local_date)::date)
) AS g (grain, date)
ON CONFLICT (office_id, scope, scope_id, grain, date, metric, currency) DO UPDATE
SET done = total.done + excluded.done, effective = total.effective + excluded.effective;
