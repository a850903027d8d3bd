-- Everyone who belonged to a scope in its range, or belongs to it today, in the order of names.
CREATE OR REPLACE FUNCTION report_slots_by_rep(scope report_slot, as_is boolean)
RETURNS report_slot[]
LANGUAGE sql
STABLE
AS $$
    WITH
        belonging AS MATERIALIZED (
            SELECT DISTINCT m.person_id
            FROM report_members(
                ARRAY[scope], as_is, unit_today(scope.calendar_unit_id)
            ) AS m
        ),
        home AS MATERIALIZED (
            SELECT b.person_id, person_unit(b.person_id) AS unit_id FROM belonging AS b
        )
    SELECT
        array_agg(
            ROW(
                part.place,
                part.handle,
                part.name,
                CASE WHEN NOT as_is THEN scope.unit_id END,
                part.id,
                false,
                NULL,
                NULL,
                part.id,
                part.unit_id,
                scope.currency,
                scope.from_date,
                scope.to_date
            )::report_slot
            ORDER BY part.place
        )
    FROM (
        SELECT
            p.id, p.handle, p.name, home.unit_id,
            row_number() OVER (ORDER BY p.name, p.handle) AS place
        FROM home
        JOIN person AS p ON p.id = home.person_id
    ) AS part;
$$;
