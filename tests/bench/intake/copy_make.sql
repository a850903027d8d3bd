-- The rows of one COPY, by :rows facts of :offices offices: of no metric, so that the totals stay
-- what the facts say.
SELECT
    office AS office_id,
    bench.uuid_v7() AS id,
    (:first_person + n % :people)::bigint AS person_id,
    office + 1 AS unit_id,
    'competitor_sighting' AS kind,
    now() AS occurred_at,
    current_date AS local_date,
    now() AS received_at,
    (:first_person + n % :people)::bigint AS actor_id,
    office AS customer_office_id,
    bench.uuid_of(n % :people, n % 10) AS customer_id,
    bench.uuid_of(n % 10, n % :people) AS deal_id,
    'head of purchasing' AS contact_role,
    40 AS minutes,
    'wants an offer for the second line by the end of the month' AS outcome,
    'send the offer' AS next_step,
    date '2099-01-01' AS next_step_date,
    true AS effective,
    1 AS rule_version
FROM generate_series(1, :rows) AS n
CROSS JOIN LATERAL (
    SELECT (:first_office + n % :offices * (:teams_in_office + 1))::bigint AS office
) AS place
