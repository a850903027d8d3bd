-- LeaveService.List: who is away when: of a person, or of everyone whose unit lies below a unit
-- today. Without dates from today on. Days in a row with the same words are one line.
CREATE OR REPLACE FUNCTION leave_list(
    INOUT unit text,
    INOUT person text,
    INOUT from_date text,
    INOUT to_date text,
    OUT name text,
    OUT away_milli integer,
    OUT reason text,
    OUT actor text
)
RETURNS SETOF record
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    scope record;
    first_day date := date_of(leave_list.from_date, 'from_date');
    last_day date := coalesce(date_of(leave_list.to_date, 'to_date'), 'infinity');
BEGIN
    SELECT s.unit_id, s.person_id INTO scope
    FROM scope_or_home(leave_list.unit, leave_list.person) AS s;
    first_day := coalesce(
        first_day, unit_today(coalesce(scope.unit_id, person_unit(scope.person_id)))
    );
    RETURN QUERY
    WITH
        who AS MATERIALIZED (
            SELECT scope.person_id AS id
            WHERE scope.unit_id IS NULL
            UNION ALL
            SELECT b.person_id
            FROM people_below(scope.unit_id) AS b
        ),
        day AS (
            SELECT
                l.*,
                l.date - row_number() OVER (
                    PARTITION BY l.person_id, l.away_milli, l.reason, l.actor_id ORDER BY l.date
                )::integer AS island
            FROM who
            JOIN leave AS l ON l.person_id = who.id AND l.date BETWEEN first_day AND last_day
        )
    SELECT
        u.path,
        p.handle,
        min(day.date)::text,
        max(day.date)::text,
        p.name,
        day.away_milli,
        day.reason,
        a.handle
    FROM day
    JOIN person AS p ON p.id = day.person_id
    JOIN unit AS u ON u.id = person_unit(p.id)
    JOIN person AS a ON a.id = day.actor_id
    GROUP BY p.id, u.path, day.away_milli, day.reason, a.handle, day.island
    ORDER BY min(day.date), p.handle;
END;
$$;
