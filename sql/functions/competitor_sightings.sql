-- The sightings of competitors of each slot that were not taken back, where the work was done
-- (domain.md 2.10): the outcome that one states, else what became of its deal; and its price
-- against the deal's value, in thousandths. place is the deal, or the customer: what is won or lost
-- once however often it was looked at.
CREATE OR REPLACE FUNCTION competitor_sightings(slots report_slot[])
RETURNS TABLE (
    slot integer,
    competitor text,
    competitor_key text,
    place uuid,
    local_date date,
    occurred_at timestamptz,
    outcome text,
    price_milli bigint
)
LANGUAGE sql
STABLE
ROWS 100
AS $$
    WITH
        asked AS MATERIALIZED (SELECT s.* FROM unnest(competitor_sightings.slots) AS s),
        seen AS (
            SELECT s.slot, f AS fact
            FROM asked AS s
            JOIN fact AS f
                ON
                    f.kind = 'competitor_sighting'
                    AND f.local_date BETWEEN s.from_date AND s.to_date
                    AND f.person_id = s.person_id
            WHERE
                s.unit_id IS NULL
                OR EXISTS (
                    SELECT
                    FROM reach AS r
                    WHERE
                        r.ancestor_id = s.unit_id
                        AND r.unit_id = f.unit_id
                        AND f.local_date BETWEEN r.from_date AND r.to_date
                )
            UNION ALL
            SELECT s.slot, f
            FROM asked AS s
            JOIN reach AS r ON r.ancestor_id = s.unit_id AND (NOT s.own_only OR r.depth = 0)
            JOIN fact AS f
                ON
                    f.kind = 'competitor_sighting'
                    AND f.local_date BETWEEN greatest(s.from_date, r.from_date)
                    AND least(s.to_date, r.to_date)
                    AND f.unit_id = r.unit_id
            LEFT JOIN reach AS b
                ON
                    b.ancestor_id = s.within_id
                    AND b.unit_id = s.unit_id
                    AND (s.own_only OR b.depth = 1)
                    AND f.local_date BETWEEN b.from_date AND b.to_date
            WHERE s.person_id IS NULL AND (s.within_id IS NULL OR b.unit_id IS NOT NULL)
        )
    SELECT
        seen.slot,
        btrim((seen.fact).subject),
        name_key((seen.fact).subject),
        coalesce((seen.fact).deal_id, (seen.fact).customer_id, (seen.fact).id),
        (seen.fact).local_date,
        (seen.fact).occurred_at,
        CASE
            WHEN (seen.fact).outcome IN ('won', 'lost') THEN (seen.fact).outcome
            WHEN d.state = 'signed' THEN 'won'
            WHEN d.state = 'lost' THEN 'lost'
            ELSE 'open'
        END,
        CASE
            WHEN d.currency = (seen.fact).currency AND d.value_minor > 0
            THEN round((seen.fact).amount_minor * 1000.0 / d.value_minor)::bigint
        END
    FROM seen
    LEFT JOIN deal AS d ON d.id = (seen.fact).deal_id
    WHERE
        name_key((seen.fact).subject) IS NOT NULL
        AND NOT EXISTS (
            SELECT
            FROM fact AS w
            WHERE w.office_id = (seen.fact).office_id AND w.voids = (seen.fact).id
        );
$$;
