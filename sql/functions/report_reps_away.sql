-- Which of the reps that report_reps_kept() counts were on leave, on which days, and for how much
-- of each.
CREATE OR REPLACE FUNCTION report_reps_away(slots report_slot[])
RETURNS report_rep[]
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    first_day date;
    last_day date;
BEGIN
    SELECT min(s.from_date), max(s.to_date) INTO first_day, last_day
    FROM unnest(report_reps_away.slots) AS s;
    PERFORM FROM leave AS l WHERE l.date BETWEEN first_day AND last_day LIMIT 1;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    RETURN (
        WITH
            own AS MATERIALIZED (SELECT o.unit_id FROM units_with_own() AS o),
            away AS MATERIALIZED (
                SELECT m.unit_id, l.date, l.away_milli, count(*) AS reps
                FROM leave AS l
                JOIN membership AS m
                    ON
                        m.person_id = l.person_id
                        AND l.date BETWEEN m.from_date AND m.to_date
                WHERE
                    l.date BETWEEN first_day AND last_day
                    AND NOT EXISTS (
                        SELECT
                        FROM role_grant AS g
                        WHERE
                            g.person_id = m.person_id
                            AND g.unit_id = m.unit_id
                            AND g.lent_by IS NULL
                            AND l.date BETWEEN g.from_date AND g.to_date
                    )
                GROUP BY m.unit_id, l.date, l.away_milli
            ),
            hit AS (
                SELECT s.slot, alike.unit_id, away.date, away.away_milli, away.reps
                FROM away
                JOIN reach AS r
                    ON
                        r.unit_id = away.unit_id
                        AND away.date BETWEEN r.from_date AND r.to_date
                JOIN unnest(report_reps_away.slots) AS s
                    ON
                        s.unit_id = r.ancestor_id
                        AND away.date BETWEEN s.from_date AND s.to_date
                LEFT JOIN reach AS b
                    ON
                        b.ancestor_id = s.within_id
                        AND b.unit_id = s.unit_id
                        AND b.depth = 1
                        AND away.date BETWEEN b.from_date AND b.to_date
                CROSS JOIN LATERAL (
                    SELECT a.ancestor_id
                    FROM reach AS a
                    WHERE
                        a.unit_id = away.unit_id
                        AND a.depth <= r.depth
                        AND away.date BETWEEN a.from_date AND a.to_date
                        AND (
                            a.ancestor_id = s.unit_id
                            OR a.ancestor_id IN (SELECT o.unit_id FROM own AS o)
                        )
                    ORDER BY a.depth
                    LIMIT 1
                ) AS alike (unit_id)
                WHERE s.within_id IS NULL OR b.unit_id IS NOT NULL
            )
        SELECT
            array_agg(
                ROW(
                    h.slot, h.unit_id, h.date, h.date + 1, h.reps, h.away_milli
                )::report_rep
            )
        FROM (
            SELECT
                hit.slot, hit.unit_id, hit.date, hit.away_milli, sum(hit.reps)::bigint AS reps
            FROM hit
            GROUP BY hit.slot, hit.unit_id, hit.date, hit.away_milli
        ) AS h
    );
END;
$$;
