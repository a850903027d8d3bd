-- Objectives as they are shown. elapsed_milli: the part of their time that has passed, to the day
-- of their end when they were closed.
CREATE OR REPLACE FUNCTION objectives_shown(objectives bigint[])
RETURNS SETOF objective_shown
LANGUAGE sql
STABLE
AS $$
    SELECT
        o.id,
        o.title,
        u.path,
        p.handle,
        p.name,
        o.from_date::text,
        o.due_date::text,
        o.state,
        o.closed_on::text,
        least(
            greatest(coalesce(o.closed_on, unit_today(o.unit_id)) - o.from_date + 1, 0) * 1000
            / (o.due_date - o.from_date + 1),
            1000
        ),
        (
            SELECT max(n.local_date)::text
            FROM objective_note AS n
            WHERE n.objective_id = o.id AND n.kind = 'checked_in'
        )
    FROM objective AS o
    JOIN unit AS u ON u.id = o.unit_id
    JOIN person AS p ON p.id = o.owner_id
    WHERE o.id = ANY (objectives_shown.objectives)
    ORDER BY o.state <> 'open', o.due_date, o.id;
$$;
