-- For each fact sent, in order: the person, and the office, unit, instant and day that it counts
-- on. known: the fact is here already, and is placed as it was kept. A void is placed with the
-- fact that it takes back, in the table or in the same batch. Ids that are none, people out of
-- reach and days without a membership leave NULLs, from which facts_refusals() works out the
-- refusal. The daemon may remember the place for that day: its bounds are given, where the person
-- was in no other office ever. actors has who sent each fact.
CREATE OR REPLACE FUNCTION facts_place(facts fact_in[], actors bigint[])
RETURNS fact_place[]
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    answer fact_place[];
BEGIN
    WITH
        meant AS MATERIALIZED (
            SELECT p.*
            FROM people_resolve(
                ARRAY(SELECT f.person FROM unnest(facts_place.facts) AS f),
                'person',
                facts_place.actors
            ) AS p
        ),
        place AS MATERIALIZED (
            SELECT
                p.*,
                -- In one office ever: where all its facts are.
                min(p.office_id) OVER (PARTITION BY p.person_id)
                = max(p.office_id) OVER (PARTITION BY p.person_id) AS settled
            FROM people_places(ARRAY(SELECT DISTINCT meant.person_id FROM meant)) AS p
        ),
        sent AS MATERIALIZED (
            SELECT
                f.ordinality::integer AS position,
                uuid_or_null(f.id) AS id,
                f.kind,
                CASE WHEN f.occurred_at IS NULL THEN stated.date END AS stated_date,
                CASE
                    WHEN f.date IS NOT NULL AND stated.date IS NULL THEN 'date'
                    WHEN f.next_step_date IS NOT NULL AND date_or_null(f.next_step_date) IS NULL
                    THEN 'next_step_date'
                END AS bad_date,
                uuid_or_null(f.deal) AS deal_id,
                f.occurred_at,
                f.currency,
                uuid_or_null(f.voids) AS voids,
                meant.person_id,
                meant.refusal
            FROM unnest(facts_place.facts) WITH ORDINALITY AS f
            -- Read once: OFFSET keeps it from being written out at each use.
            CROSS JOIN LATERAL (SELECT date_or_null(f.date) AS date OFFSET 0) AS stated
            JOIN meant ON meant.position = f.ordinality
        ),
        -- By the offices in which the person ever was: the same fact may come again after a move.
        known AS MATERIALIZED (
            SELECT sent.position, k.person_id, k.office_id, k.unit_id, k.occurred_at, k.local_date
            FROM (SELECT DISTINCT place.person_id, place.office_id FROM place) AS o
            JOIN sent ON sent.person_id = o.person_id
            -- By the key, one by one: LIMIT keeps it from reading the whole table for one batch.
            CROSS JOIN LATERAL (
                SELECT f.person_id, f.office_id, f.unit_id, f.occurred_at, f.local_date
                FROM fact AS f
                WHERE f.office_id = o.office_id AND f.id = sent.id
                LIMIT 1
            ) AS k
            WHERE k.person_id = sent.person_id
        ),
        dated AS MATERIALIZED (
            SELECT
                sent.position,
                place.office_id,
                place.unit_id,
                place.currency,
                place.time_zone,
                place.settled,
                place.from_date,
                coalesce(
                    sent.occurred_at,
                    (sent.stated_date + time '12:00') AT TIME ZONE place.time_zone,
                    now()
                ) AS occurred_at,
                coalesce(
                    sent.stated_date,
                    (coalesce(sent.occurred_at, now()) AT TIME ZONE place.time_zone)::date
                ) AS local_date,
                place.to_date
            FROM sent
            JOIN place ON place.person_id = sent.person_id
        ),
        placed AS MATERIALIZED (
            SELECT DISTINCT ON (dated.position) dated.*
            FROM dated
            WHERE dated.local_date BETWEEN dated.from_date AND dated.to_date
            ORDER BY dated.position, dated.from_date DESC
        ),
        taken_back AS MATERIALIZED (
            SELECT sent.position, v.office_id, v.unit_id
            FROM (SELECT DISTINCT place.person_id, place.office_id FROM place) AS o
            JOIN sent ON sent.person_id = o.person_id AND sent.kind = 'void'
            JOIN fact AS v ON v.office_id = o.office_id AND v.id = sent.voids
            WHERE v.person_id = sent.person_id AND v.kind <> 'void'
            UNION
            SELECT sent.position, placed.office_id, placed.unit_id
            FROM sent
            JOIN sent AS v
                ON
                    v.id = sent.voids
                    AND v.person_id = sent.person_id
                    AND v.position < sent.position
            JOIN placed ON placed.position = v.position
            WHERE sent.kind = 'void' AND v.kind <> 'void'
        )
    SELECT
        array_agg(
            ROW(
                sent.position,
                sent.id,
                sent.deal_id,
                sent.bad_date,
                sent.person_id,
                sent.refusal,
                known.position IS NOT NULL,
                coalesce(known.office_id, taken_back.office_id, placed.office_id),
                coalesce(known.unit_id, taken_back.unit_id, placed.unit_id),
                coalesce(known.occurred_at, placed.occurred_at, sent.occurred_at),
                coalesce(known.local_date, placed.local_date, sent.stated_date),
                coalesce(sent.currency, placed.currency),
                taken_back.position IS NOT NULL,
                day.starts,
                day.ends
            )::fact_place
            ORDER BY sent.position
        )
    INTO answer
    FROM sent
    LEFT JOIN known ON known.position = sent.position
    LEFT JOIN placed ON placed.position = sent.position
    LEFT JOIN taken_back ON taken_back.position = sent.position
    LEFT JOIN LATERAL (
        SELECT d.starts, d.ends
        FROM day_span(placed.local_date, placed.time_zone) AS d
        WHERE
            placed.settled
            AND known.position IS NULL
            AND taken_back.position IS NULL
    ) AS day ON true;
    RETURN answer;
END;
$$;
