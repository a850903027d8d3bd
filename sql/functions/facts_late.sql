-- For FactService.Log: the facts that were recorded too late to count by themselves (domain.md
-- 3.4): more working days after their own day than backdating_days, by the daemon's clock as far as
-- the device knew it; one that does not say when it was recorded was so now. refusal: it was
-- declined.
--
-- Whoever leads its person may send any fact, which is the approval; and so may those for
-- themselves who lead their own unit. What is known is not asked about again, and a void is work of
-- the day on which it is made.
CREATE OR REPLACE FUNCTION facts_late(facts fact_in[], places fact_place[], actors bigint[])
RETURNS TABLE ("position" integer, refusal text[])
LANGUAGE plpgsql
STABLE
ROWS 10
AS $$
#variable_conflict use_column
DECLARE
    -- It is later nowhere by more than a day.
    today CONSTANT date := (now() AT TIME ZONE 'UTC')::date + 1;
BEGIN
    -- What nearly all are: of a day of their office that is not over.
    IF NOT EXISTS (
        SELECT
        FROM unnest(places) AS p
        WHERE coalesce(p.day_ends <= now(), p.local_date < today AND NOT p.known)
    ) THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH
        past AS MATERIALIZED (
            SELECT
                p.position,
                p.person_id,
                p.fact_id,
                p.unit_id,
                p.office_id,
                p.local_date,
                least(coalesce(f.recorded_at, now()), now()) AS recorded_at
            FROM unnest(facts_late.facts) WITH ORDINALITY AS f
            JOIN unnest(facts_late.places) AS p ON p.position = f.ordinality
            WHERE
                coalesce(p.day_ends <= now(), p.local_date < today)
                AND NOT p.known
                AND p.person_refusal IS NULL
                AND p.unit_id IS NOT NULL
                AND p.person_id = facts_late.actors[p.position]
                AND f.kind <> 'void'
        ),
        dated AS MATERIALIZED (
            SELECT
                past.*,
                (past.recorded_at AT TIME ZONE unit_time_zone(past.office_id))::date AS recorded_on
            FROM past
        ),
        span AS MATERIALIZED (
            SELECT d.unit_id, d.local_date, d.recorded_on
            FROM (
                SELECT DISTINCT dated.unit_id, dated.local_date, dated.recorded_on
                FROM dated
                WHERE dated.recorded_on > dated.local_date
            ) AS d
            WHERE
                working_millidays(
                    d.unit_id,
                    -- A year is enough to tell.
                    greatest(d.local_date + 1, d.recorded_on - 366),
                    d.recorded_on
                ) / 1000.0
                > (setting_of(d.unit_id, 'backdating_days', d.recorded_on) #>> '{}')::bigint
        )
    SELECT
        d.position,
        CASE
            WHEN q.declined_at IS NOT NULL
            THEN ARRAY['fact_declined', 'date', leader.handle, q.decline_reason]
        END
    FROM dated AS d
    JOIN span
        ON
            span.unit_id = d.unit_id
            AND span.local_date = d.local_date
            AND span.recorded_on = d.recorded_on
    LEFT JOIN fact_pending AS q ON q.person_id = d.person_id AND q.id = d.fact_id
    LEFT JOIN person AS leader ON leader.id = q.declined_by
    WHERE
        NOT EXISTS (
            SELECT
            FROM role_grant AS g
            JOIN reach AS r ON r.ancestor_id = g.unit_id AND r.unit_id = person_unit(d.person_id)
            WHERE
                g.person_id = d.person_id
                AND g.role IN ('supervisor', 'region_manager', 'director')
                AND unit_today(g.unit_id) BETWEEN g.from_date AND g.to_date
                AND unit_today(r.unit_id) BETWEEN r.from_date AND r.to_date
        );
END;
$$;
