-- FactService.ShowDay: the day's work beside its standards (2.1): every metric that has either, a
-- line for each currency. On a day off, or of leave, no standard asks for anything, and none is
-- there for a day on which the person belonged nowhere.
CREATE OR REPLACE FUNCTION fact_show_day_metrics(person text, date text)
RETURNS TABLE (metric text, done bigint, effective bigint, standard bigint, currency text)
LANGUAGE sql
STABLE
AS $$
    WITH
        asked AS MATERIALIZED (SELECT d.* FROM day_of_person($1, $2) AS d),
        work AS (
            SELECT t.metric, t.currency, t.done, t.effective
            FROM asked
            JOIN total AS t
                ON
                    t.office_id = asked.office_id
                    AND t.scope = 'p'
                    AND t.scope_id = asked.person_id
                    AND t.grain = 'd'
                    AND t.date = asked.day
        ),
        standard AS (
            SELECT
                s.metric,
                -- A part of a unit is asked for whole (2.1, 2.5).
                ceil(s.target * today.factor_milli / 1000.0)::bigint AS target
            FROM asked
            CROSS JOIN fact_show_day($1, $2) AS today
            CROSS JOIN standard_of(asked.unit_id, asked.day) AS s
            WHERE
                person_is_rep(asked.person_id, asked.unit_id, asked.day)
                AND EXISTS (
                    SELECT
                    FROM membership AS m
                    WHERE
                        m.person_id = asked.person_id
                        AND asked.day BETWEEN m.from_date AND m.to_date
                )
        )
    SELECT
        m.metric,
        coalesce(work.done, 0),
        coalesce(work.effective, 0),
        standard.target,
        nullif(work.currency, '')
    FROM metric AS m
    LEFT JOIN work ON work.metric = m.metric
    LEFT JOIN standard ON standard.metric = m.metric
    WHERE work.done <> 0 OR standard.target IS NOT NULL
    ORDER BY m.position, work.currency;
$$;
