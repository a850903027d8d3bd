-- Which rows of total hold the work of each slot, and in which days: the offices below a unit,
-- where it is no team; the own rows of units, where it is one or where its own members alone are
-- meant; the rows of people for people, and for today's tree over past work (1.1).
CREATE OR REPLACE FUNCTION report_sources(slots report_slot[], as_is boolean, today date)
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
                u.kind = 'team' OR s.own_only AS by_unit,
                greatest(s.from_date, b.from_date) AS from_date,
                least(s.to_date, b.to_date) AS to_date
            FROM unnest(report_sources.slots) AS s
            JOIN unit AS u ON u.id = s.unit_id
            LEFT JOIN reach AS b
                ON
                    b.ancestor_id = s.within_id
                    AND b.unit_id = s.unit_id
                    AND (s.own_only OR b.depth = 1)
            WHERE
                s.person_id IS NULL
                AND NOT report_sources.as_is
                AND (s.within_id IS NULL OR b.unit_id IS NOT NULL)
        ),
        hit AS (
            SELECT
                span.slot,
                o.id AS office_id,
                'o'::"char" AS scope,
                o.id AS scope_id,
                greatest(span.from_date, r.from_date) AS from_date,
                least(span.to_date, r.to_date) AS to_date
            FROM span
            JOIN reach AS r ON r.ancestor_id = span.unit_id
            JOIN unit AS o ON o.id = r.unit_id AND o.kind <> 'team'
            WHERE NOT span.by_unit
            UNION ALL
            SELECT
                span.slot,
                place.office_id,
                'u',
                r.unit_id,
                greatest(span.from_date, r.from_date),
                least(span.to_date, r.to_date)
            FROM span
            JOIN reach AS r
                ON r.ancestor_id = span.unit_id AND (NOT span.own_only OR r.depth = 0)
            -- Unit by unit, not for all people of the company.
            CROSS JOIN LATERAL (
                SELECT DISTINCT m.office_id FROM membership AS m WHERE m.unit_id = r.unit_id
            ) AS place
            WHERE span.by_unit
            UNION ALL
            SELECT m.slot, m.office_id, 'p', m.person_id, m.from_date, m.to_date
            FROM report_members(
                ARRAY(
                    SELECT s
                    FROM unnest(report_sources.slots) AS s
                    WHERE s.person_id IS NOT NULL OR report_sources.as_is
                ),
                report_sources.as_is,
                report_sources.today
            ) AS m
        )
    SELECT hit.slot, hit.office_id, hit.scope, hit.scope_id, hit.from_date, hit.to_date
    FROM hit
    WHERE hit.from_date <= hit.to_date;
$$;
