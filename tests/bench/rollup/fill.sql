-- Facts of all reps over half a year, in the order of time, and the totals that they make: as the
-- intake leaves them, but set by set. Indexes other than keys are made afterwards.
SET work_mem = '512MB';
SET maintenance_work_mem = '512MB';

CREATE TEMPORARY TABLE left_out AS
SELECT i.indexname, i.indexdef
FROM pg_indexes AS i
WHERE
    i.schemaname = 'tiejun'
    AND i.tablename IN ('fact', 'total')
    AND i.indexname NOT IN (SELECT c.conname FROM pg_constraint AS c);

SELECT format('DROP INDEX %I', left_out.indexname) FROM left_out
\gexec

INSERT INTO fact (
    office_id, id, person_id, unit_id, kind, occurred_at, local_date, received_at, actor_id,
    contact_role, minutes, outcome, next_step, next_step_date, effective, rule_version
)
SELECT
    m.office_id,
    (lpad(to_hex(extract(epoch FROM day.day)::bigint * 1000 + n % 86400), 12, '0')
    || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid,
    m.person_id,
    m.unit_id,
    (ARRAY['visit', 'visit', 'appointment', 'material', 'negotiation'])[1 + n % 5],
    day.day + interval '9 hours',
    day.day::date,
    day.day + interval '9 hours',
    m.person_id,
    'head of purchasing',
    40,
    'wants an offer for the second line by the end of the month',
    'send the offer',
    '2099-01-01',
    n % 3 > 0,
    1
FROM generate_series(0, :facts::bigint - 1) AS n
CROSS JOIN LATERAL (
    SELECT timestamptz '2025-01-01 00:00Z' + interval '1 day' * (n * 181 / :facts) AS day
) AS day
JOIN (
    SELECT m.*, row_number() OVER (ORDER BY m.person_id) - 1 AS number
    FROM membership AS m
    JOIN person AS p ON p.id = m.person_id
    WHERE p.handle LIKE 'rep%'
) AS m ON m.number = n % :people;

INSERT INTO total (
    office_id, scope, scope_id, grain, date, metric, currency, done, effective
)
SELECT
    f.office_id,
    s.scope,
    s.scope_id,
    g.grain,
    g.date,
    f.metric,
    '',
    sum(f.done),
    sum(f.effective)
FROM (
    SELECT
        f.office_id,
        f.unit_id,
        f.person_id,
        f.local_date,
        m.metric,
        count(*) AS done,
        count(*) FILTER (WHERE f.effective) AS effective
    FROM fact AS f
    JOIN metric AS m ON m.fact_kind = f.kind AND NOT m.is_money
    GROUP BY 1, 2, 3, 4, 5
) AS f
CROSS JOIN LATERAL (
    VALUES ('o'::"char", f.office_id), ('u'::"char", f.unit_id), ('p'::"char", f.person_id)
) AS s (scope, scope_id)
CROSS JOIN LATERAL (
    VALUES ('d'::"char", f.local_date), ('m'::"char", date_trunc('month', f.local_date)::date)
) AS g (grain, date)
GROUP BY 1, 2, 3, 4, 5, 6, 7
-- Rows come into being day by day.
ORDER BY 5, 4, 1, 2, 3, 6;

SELECT left_out.indexdef FROM left_out
\gexec

VACUUM ANALYZE;
