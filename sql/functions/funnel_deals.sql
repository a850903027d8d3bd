-- The deals of each slot: those opened in its unit or below, where the work was done, or by its
-- person. Open ones as of now, closed ones by the day of their end in the slot's range; where slots
-- are parts of time, closed ones alone.
CREATE OR REPLACE FUNCTION funnel_deals(slots report_slot[], closed_only boolean)
RETURNS TABLE (
    slot integer,
    currency text,
    state text,
    grade text,
    value_minor bigint,
    days_to_close integer
)
LANGUAGE sql
STABLE
AS $$
    WITH
        asked AS MATERIALIZED (SELECT s.* FROM unnest(funnel_deals.slots) AS s),
        hit AS (
            SELECT s.slot, s.from_date, s.to_date, d.*
            FROM asked AS s
            JOIN deal AS d ON d.person_id = s.person_id
            WHERE
                s.unit_id IS NULL
                OR EXISTS (
                    SELECT
                    FROM reach AS r
                    WHERE
                        r.ancestor_id = s.unit_id
                        AND r.unit_id = d.unit_id
                        AND d.opened_on BETWEEN r.from_date AND r.to_date
                )
            UNION ALL
            SELECT s.slot, s.from_date, s.to_date, d.*
            FROM asked AS s
            JOIN reach AS r ON r.ancestor_id = s.unit_id AND (NOT s.own_only OR r.depth = 0)
            JOIN membership AS m ON m.unit_id = r.unit_id
            JOIN deal AS d
                ON
                    d.person_id = m.person_id
                    AND d.unit_id = m.unit_id
                    AND d.opened_on BETWEEN greatest(m.from_date, r.from_date)
                    AND least(m.to_date, r.to_date)
            LEFT JOIN reach AS b
                ON
                    b.ancestor_id = s.within_id
                    AND b.unit_id = s.unit_id
                    AND (s.own_only OR b.depth = 1)
                    AND d.opened_on BETWEEN b.from_date AND b.to_date
            WHERE s.person_id IS NULL AND (s.within_id IS NULL OR b.unit_id IS NOT NULL)
        )
    SELECT
        hit.slot,
        hit.currency,
        hit.state,
        hit.grade,
        hit.value_minor,
        hit.closed_on - hit.opened_on
    FROM hit
    WHERE
        hit.closed_on BETWEEN hit.from_date AND hit.to_date
        OR (hit.state = 'open' AND NOT funnel_deals.closed_only);
$$;
