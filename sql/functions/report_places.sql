-- Which rows of total hold the work of slots that are no whole units (see report_parted), and in
-- which days: the own rows of units, where it is a team or where its own members alone are meant;
-- the rows of people for people, and for today's tree over past work (1.1).
CREATE OR REPLACE FUNCTION report_places(slots report_slot[], as_is boolean, today date)
RETURNS TABLE (
    slot integer,
    office_id bigint,
    scope "char",
    scope_id bigint,
    from_date date,
    to_date date
)
LANGUAGE sql
STABLE
ROWS 100
AS $$
    WITH
        -- Each unit's slot with the days in which it belongs to the report.
        span AS MATERIALIZED (
            SELECT
                s.slot,
                s.unit_id,
                s.own_only,
                greatest(s.from_date, b.from_date) AS from_date,
                least(s.to_date, b.to_date) AS to_date
            FROM unnest(report_places.slots) AS s
            LEFT JOIN reach AS b
                ON
                    b.ancestor_id = s.within_id
                    AND b.unit_id = s.unit_id
                    AND (s.own_only OR b.depth = 1)
            WHERE
                s.person_id IS NULL
                AND NOT report_places.as_is
                AND (s.within_id IS NULL OR b.unit_id IS NOT NULL)
        ),
        hit AS (
            SELECT
                span.slot,
                place.office_id,
                'u'::"char" AS scope,
                r.unit_id AS scope_id,
                greatest(span.from_date, r.from_date) AS from_date,
                least(span.to_date, r.to_date) AS to_date
            FROM span
            JOIN reach AS r
                ON r.ancestor_id = span.unit_id AND (NOT span.own_only OR r.depth = 0)
            -- Unit by unit, not for all people of the company.
            CROSS JOIN LATERAL (
                SELECT DISTINCT m.office_id FROM membership AS m WHERE m.unit_id = r.unit_id
            ) AS place
            UNION ALL
            SELECT m.slot, m.office_id, 'p', m.person_id, m.from_date, m.to_date
            FROM report_members(
                ARRAY(
                    SELECT s
                    FROM unnest(report_places.slots) AS s
                    WHERE s.person_id IS NOT NULL OR report_places.as_is
                ),
                report_places.as_is,
                report_places.today
            ) AS m
        )
    SELECT hit.slot, hit.office_id, hit.scope, hit.scope_id, hit.from_date, hit.to_date
    FROM hit
    WHERE hit.from_date <= hit.to_date;
$$;
