-- Key results with where they stand: as last checked in, or as counted now.
CREATE OR REPLACE FUNCTION key_results_shown(objectives bigint[])
RETURNS SETOF key_result_shown
LANGUAGE sql
STABLE
AS $$
    SELECT
        k.objective_id,
        k.place,
        k.title,
        k.source,
        k.from_milli,
        k.to_milli,
        k.measure,
        k.competitor,
        CASE
            WHEN k.source IN ('number', 'milestone') THEN
                coalesce(
                    (
                        SELECT n.value_milli
                        FROM objective_note AS n
                        WHERE
                            n.objective_id = k.objective_id
                            AND n.place = k.place
                            AND n.value_milli IS NOT NULL
                        ORDER BY n.id DESC
                        LIMIT 1
                    ),
                    k.from_milli
                )
            ELSE
                1000 * key_result_count(
                    k.source,
                    k.competitor,
                    o.unit_id,
                    o.from_date,
                    least(o.due_date, coalesce(o.closed_on, unit_today(o.unit_id)))
                )
        END
    FROM objective AS o
    JOIN key_result AS k ON k.objective_id = o.id
    WHERE o.id = ANY (key_results_shown.objectives)
    ORDER BY k.objective_id, k.place;
$$;
