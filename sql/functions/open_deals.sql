-- The deals of each slot that were open at the end of a day, by the grade that they had then, each
-- in the slot's currency, at that day's rate, halves up: those expected to close by the end of the
-- slot's range, those with no expected date, and those expected later. A deal without a value
-- counts in a column of its own, and so does one in a currency without a rate. A unit's deals are
-- those opened in it or below it, where the work was done.
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
    unvalued_deals bigint,
    unrated_deals bigint,
    unrated_currencies text[],
    rate_currencies text[],
    rates text[],
    rate_dates text[]
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
        there AS MATERIALIZED (
            SELECT
                hit.*,
                hit.value_minor IS NOT NULL AND hit.currency <> hit.slot_currency AS is_foreign
            FROM hit
            WHERE
                hit.opened_on <= open_deals.day
                AND (hit.closed_on IS NULL OR hit.closed_on > open_deals.day)
        ),
        rate AS MATERIALIZED (
            SELECT t.currency, t.slot_currency, r.rate, r.from_date
            FROM (
                SELECT DISTINCT there.currency, there.slot_currency
                FROM there
                WHERE there.is_foreign
            ) AS t
            CROSS JOIN LATERAL rate_on(t.currency, t.slot_currency, open_deals.day) AS r
        ),
        open AS (
            SELECT
                hit.slot,
                CASE
                    WHEN hit.is_foreign
                    THEN rate_apply(hit.value_minor, hit.currency, hit.slot_currency, r.rate)
                    ELSE hit.value_minor
                END AS value_minor,
                hit.value_minor IS NULL AS is_unvalued,
                CASE WHEN hit.is_foreign AND r.rate IS NULL THEN hit.currency END AS unrated,
                CASE
                    WHEN r.rate IS NOT NULL
                    THEN (hit.currency, r.rate, r.from_date)::rate_used
                END AS rate,
                r.rate IS NOT NULL AS has_rate,
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
            FROM there AS hit
            LEFT JOIN rate AS r
                ON
                    hit.is_foreign
                    AND r.currency = hit.currency
                    AND r.slot_currency = hit.slot_currency
        ),
        graded AS (
            SELECT
                o.slot,
                o.grade,
                count(*) FILTER (WHERE o.term = 'due' AND o.value_minor IS NOT NULL) AS deals,
                sum(o.value_minor) FILTER (WHERE o.term = 'due') AS value_minor,
                count(*) FILTER (
                    WHERE o.term = 'undated' AND o.value_minor IS NOT NULL
                ) AS undated_deals,
                sum(o.value_minor) FILTER (WHERE o.term = 'undated') AS undated_minor,
                count(*) FILTER (WHERE o.term = 'later' AND o.value_minor IS NOT NULL)
                    AS later_deals,
                sum(o.value_minor) FILTER (WHERE o.term = 'later') AS later_minor,
                count(*) FILTER (WHERE o.is_unvalued) AS unvalued_deals,
                count(o.unrated) AS unrated_deals,
                array_agg(DISTINCT o.unrated) FILTER (WHERE o.unrated IS NOT NULL)
                    AS unrated_currencies,
                array_agg(DISTINCT o.rate) FILTER (WHERE o.has_rate) AS rates
            FROM open AS o
            GROUP BY o.slot, o.grade
        )
    SELECT
        g.slot,
        g.grade,
        g.deals,
        coalesce(g.value_minor, 0)::bigint,
        g.undated_deals,
        coalesce(g.undated_minor, 0)::bigint,
        g.later_deals,
        coalesce(g.later_minor, 0)::bigint,
        g.unvalued_deals,
        g.unrated_deals,
        g.unrated_currencies,
        r.currencies,
        r.rates,
        r.dates
    FROM graded AS g
    CROSS JOIN LATERAL rates_told(g.rates) AS r
    ORDER BY g.slot, g.grade;
$$;
