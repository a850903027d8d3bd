-- What so many stretches of rep_time make of strength, by the tree as it is.
CREATE OR REPLACE FUNCTION strength_changes(times rep_time[])
RETURNS TABLE (unit_id bigint, date date, change bigint)
LANGUAGE sql
STABLE
AS $$
    SELECT r.ancestor_id, turn.date, sum(turn.change)::bigint
    FROM unnest(strength_changes.times) AS t
    JOIN reach AS r
        ON
            r.unit_id = t.unit_id
            AND r.from_date <= t.to_date
            AND r.to_date >= t.from_date
    CROSS JOIN LATERAL (
        VALUES
            (greatest(r.from_date, t.from_date), 1),
            (least(r.to_date, t.to_date) + 1, -1)
    ) AS turn (date, change)
    WHERE turn.date < 'infinity'
    GROUP BY r.ancestor_id, turn.date
    HAVING sum(turn.change) <> 0;
$$;
