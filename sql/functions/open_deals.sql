-- The deals of each slot that were open at the end of a day, by the grade that they had then, in
-- the slot's currency: those expected to close by the end of the slot's range, those with no
-- expected date, and those expected later. A deal without a value counts in a column of its own. A
-- unit's deals are those opened in it or below it, where the work was done.
CREATE OR REPLACE FUNCTION open_deals(slots report_slot[], day date)
RETURNS TABLE (
    slot integer,
    grade text,
    deals bigint,
    value_minor bigint,
    undated_deals bigint,
    undated_minor bigint,
    later_deals bigint,
    later_minor bigint,
    unvalued_deals bigint
)
LANGUAGE sql
STABLE
ROWS 100
AS $$
    WITH
        asked AS MATERIALIZED (SELECT s.* FROM unnest(open_deals.slots) AS s),
        hit AS (
            SELECT s.slot, s.currency AS slot_currency, s.to_date, d.*
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
            SELECT s.slot, s.currency, s.to_date, d.*
            FROM asked AS s
            JOIN reach AS r ON r.ancestor_id = s.unit_id AND (NOT s.own_only OR r.depth = 0)
            JOIN (SELECT DISTINCT m.person_id, m.unit_id FROM membership AS m) AS m
                ON m.unit_id = r.unit_id
            JOIN deal AS d
                ON
                    d.person_id = m.person_id
                    AND d.unit_id = m.unit_id
                    AND d.opened_on BETWEEN r.from_date AND r.to_date
            WHERE s.person_id IS NULL
        ),
        open AS (
            SELECT
                hit.slot,
                hit.expected_close,
                hit.value_minor,
                CASE
                    WHEN hit.expected_close <= hit.to_date THEN 'due'
                    WHEN hit.expected_close IS NULL THEN 'undated'
                    ELSE 'later'
                END AS term,
                coalesce(
                    (
                        SELECT e.to_grade
                        FROM deal_event AS e
                        WHERE
                            e.office_id = hit.office_id
                            AND e.deal_id = hit.id
                            AND e.local_date <= open_deals.day
                            AND e.to_grade IS NOT NULL
                        ORDER BY e.local_date DESC, e.id DESC
                        LIMIT 1
                    ),
                    hit.grade
                ) AS grade
            FROM hit
            WHERE
                hit.opened_on <= open_deals.day
                AND (hit.closed_on IS NULL OR hit.closed_on > open_deals.day)
                AND (hit.currency = hit.slot_currency OR hit.value_minor IS NULL)
        )
    SELECT
        o.slot,
        o.grade,
        count(*) FILTER (WHERE o.term = 'due' AND o.value_minor IS NOT NULL),
        coalesce(sum(o.value_minor) FILTER (WHERE o.term = 'due'), 0)::bigint,
        count(*) FILTER (WHERE o.term = 'undated' AND o.value_minor IS NOT NULL),
        coalesce(sum(o.value_minor) FILTER (WHERE o.term = 'undated'), 0)::bigint,
        count(*) FILTER (WHERE o.term = 'later' AND o.value_minor IS NOT NULL),
        coalesce(sum(o.value_minor) FILTER (WHERE o.term = 'later'), 0)::bigint,
        count(*) FILTER (WHERE o.value_minor IS NULL)
    FROM open AS o
    GROUP BY o.slot, o.grade
    ORDER BY o.slot, o.grade;
$$;
