-- ObjectiveService.Show: all that was said of it, oldest first.
CREATE OR REPLACE FUNCTION objective_show_notes(id bigint)
RETURNS TABLE (
    at timestamptz,
    local_date text,
    actor text,
    actor_name text,
    kind text,
    place integer,
    value_milli bigint,
    note text
)
LANGUAGE sql
STABLE
AS $$
    SELECT n.at, n.local_date::text, p.handle, p.name, n.kind, n.place, n.value_milli, n.note
    FROM objective_note AS n
    JOIN person AS p ON p.id = n.actor_id
    WHERE n.objective_id = objective_show_notes.id
    ORDER BY n.id;
$$;
