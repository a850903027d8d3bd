-- What became of the deals of units and of people in a range, as counts (domain.md 3.6): how many
-- were opened, how many went on from each grade, how many were lost at it as their best one, with
-- the median days from each grade to the signing; and what was signed in a currency. A deal that
-- is still under way at its grade is no evidence for that grade. What was signed in other
-- currencies is converted deal by deal, at the rate of its day; without a rate it is no order. A
-- unit's deals are those opened in it or below it, where the work was done.
CREATE OR REPLACE FUNCTION conversion_counted(
    units bigint[],
    people bigint[],
    currency text,
    from_date date,
    to_date date
)
RETURNS SETOF conversion_count
LANGUAGE sql
STABLE
SET jit = off
ROWS 10
AS $$
    WITH
        hit AS (
            SELECT r.ancestor_id AS of_unit, NULL::bigint AS of_person, p AS path
            FROM deal_paths(conversion_counted.from_date, conversion_counted.to_date) AS p
            JOIN reach AS r
                ON
                    r.unit_id = p.unit_id
                    AND p.opened_on BETWEEN r.from_date AND r.to_date
            WHERE
                -- Known before anything is read.
                cardinality(conversion_counted.units) > 0
                AND r.ancestor_id = ANY (conversion_counted.units)
            UNION ALL
            SELECT NULL, p.person_id, p
            FROM deal_paths(conversion_counted.from_date, conversion_counted.to_date) AS p
            WHERE p.person_id = ANY (conversion_counted.people)
        ),
        step AS (
            SELECT
                hit.of_unit,
                hit.of_person,
                (hit.path).*,
                (hit.path).opened_on >= conversion_counted.from_date AS is_new,
                (hit.path).b_on >= conversion_counted.from_date AS is_b,
                (hit.path).a_on >= conversion_counted.from_date AS is_a,
                (hit.path).signed_on >= conversion_counted.from_date AS is_signed,
                (hit.path).lost_on >= conversion_counted.from_date AS is_lost,
                CASE
                    WHEN (hit.path).currency = conversion_counted.currency
                    THEN (hit.path).value_minor
                    WHEN (hit.path).signed_on >= conversion_counted.from_date
                    THEN rate_apply(
                        (hit.path).value_minor,
                        (hit.path).currency,
                        conversion_counted.currency,
                        rate_at(
                            (hit.path).currency,
                            conversion_counted.currency,
                            (hit.path).signed_on
                        )
                    )
                END AS worth
            FROM hit
        )
    SELECT
        s.of_unit,
        s.of_person,
        count(*) FILTER (WHERE s.is_new),
        count(*) FILTER (WHERE s.is_b),
        count(*) FILTER (WHERE s.is_lost AND s.b_on IS NULL),
        count(*) FILTER (WHERE s.is_a),
        count(*) FILTER (WHERE s.is_lost AND s.b_on IS NOT NULL AND s.a_on IS NULL),
        count(*) FILTER (WHERE s.is_signed),
        count(*) FILTER (WHERE s.is_lost AND s.a_on IS NOT NULL),
        percentile_disc(0.5) WITHIN GROUP (ORDER BY s.signed_on - s.opened_on)
            FILTER (WHERE s.is_signed),
        percentile_disc(0.5) WITHIN GROUP (ORDER BY s.signed_on - s.b_on)
            FILTER (WHERE s.is_signed),
        percentile_disc(0.5) WITHIN GROUP (ORDER BY s.signed_on - s.a_on)
            FILTER (WHERE s.is_signed),
        count(s.worth) FILTER (WHERE s.is_signed),
        coalesce(sum(s.worth) FILTER (WHERE s.is_signed), 0)::bigint
    FROM step AS s
    GROUP BY s.of_unit, s.of_person;
$$;
