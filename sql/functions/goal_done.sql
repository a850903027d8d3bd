-- Effective work of each node in a range, as it was: of a unit all that was done at or below it, of
-- a person what it did, within_parent only as far as below the unit right above it.
CREATE OR REPLACE FUNCTION goal_done(
    nodes goal_node[],
    metric text,
    currency text,
    from_date date,
    to_date date,
    within_parent boolean
)
RETURNS TABLE (place integer, done bigint)
LANGUAGE sql
STABLE
ROWS 100
AS $$
    WITH
        slots AS MATERIALIZED (
            SELECT
                array_agg(
                    ROW(
                        n.place,
                        n.reference,
                        n.name,
                        CASE
                            WHEN n.unit_id IS NOT NULL THEN n.unit_id
                            WHEN goal_done.within_parent THEN parent.unit_id
                        END,
                        n.person_id,
                        false,
                        NULL,
                        NULL,
                        NULL,
                        NULL,
                        NULL,
                        goal_done.from_date,
                        goal_done.to_date
                    )::report_slot
                ) AS list
            FROM unnest(goal_done.nodes) AS n
            LEFT JOIN unnest(goal_done.nodes) AS parent ON parent.place = n.parent
            WHERE goal_done.from_date <= goal_done.to_date
        )
    SELECT w.slot, w.effective
    FROM slots
    CROSS JOIN LATERAL report_work(
        slots.list, ARRAY[goal_done.metric], false, goal_done.to_date
    ) AS w
    WHERE w.currency = coalesce(goal_done.currency, '');
$$;
