-- What the daily standards ask of some reps, for each slot (2.1).
CREATE OR REPLACE FUNCTION report_reps_asked(reps report_rep[])
RETURNS TABLE (slot integer, metric text, target bigint)
LANGUAGE plpgsql
STABLE
ROWS 100
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH
        bound AS MATERIALIZED (
            SELECT
                array_agg(DISTINCT r.unit_id) AS units,
                min(r.from_date) AS from_date,
                max(r.end_date) - 1 AS to_date
            FROM unnest(report_reps_asked.reps) AS r
            HAVING count(*) > 0
        ),
        -- Days from which on another standard may hold.
        turn AS (
            SELECT bound.from_date AS date FROM bound
            UNION
            SELECT s.from_date
            FROM bound
            JOIN standard AS s
                ON s.from_date > bound.from_date AND s.from_date <= bound.to_date
            UNION
            SELECT r.from_date
            FROM bound
            JOIN reach AS r
                ON
                    r.unit_id = ANY (bound.units)
                    AND r.from_date > bound.from_date
                    AND r.from_date <= bound.to_date
        ),
        stretch AS MATERIALIZED (
            SELECT turn.date AS from_date, lead(turn.date) OVER (ORDER BY turn.date) AS end_date
            FROM turn
        ),
        asked AS MATERIALIZED (
            SELECT
                kind.unit_id, stretch.from_date,
                coalesce(stretch.end_date, bound.to_date + 1) AS end_date,
                s.metric, s.target
            FROM bound
            CROSS JOIN LATERAL unnest(bound.units) AS kind (unit_id)
            CROSS JOIN stretch
            CROSS JOIN LATERAL standard_of(kind.unit_id, stretch.from_date) AS s
        ),
        calendar AS MATERIALIZED (
            SELECT w.unit_id, w.first_date, w.before
            FROM bound
            CROSS JOIN LATERAL working_arrays(bound.units, bound.from_date, bound.to_date) AS w
        ),
        work AS (
            SELECT
                r.slot,
                asked.metric,
                CASE
                    WHEN r.away_milli IS NULL
                    THEN r.reps * (common.end_date - common.from_date)
                END AS person_days,
                asked.target
                * CASE
                    WHEN r.away_milli IS NULL THEN r.reps * open.milli
                    ELSE -r.reps * least(r.away_milli, open.milli)
                END AS milli
            FROM unnest(report_reps_asked.reps) AS r
            JOIN asked
                ON
                    asked.unit_id = r.unit_id
                    AND asked.from_date < r.end_date
                    AND asked.end_date > r.from_date
            JOIN calendar AS c ON c.unit_id = r.unit_id
            CROSS JOIN LATERAL (
                SELECT
                    greatest(r.from_date, asked.from_date),
                    least(r.end_date, asked.end_date)
            ) AS common (from_date, end_date)
            CROSS JOIN LATERAL (
                SELECT
                    c.before[common.end_date - c.first_date + 1]
                    - c.before[common.from_date - c.first_date + 1]
            ) AS open (milli)
        )
    SELECT work.slot, work.metric, floor(sum(work.milli) / 1000.0 + 0.5)::bigint
    FROM work
    GROUP BY work.slot, work.metric
    -- Nothing is asked where there is nobody but leaders.
    HAVING sum(work.person_days) > 0;
END;
$$;
