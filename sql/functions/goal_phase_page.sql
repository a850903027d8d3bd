-- A page of the goals that GoalService.Phase lays on days, and one more where there are more, with
-- the unit whose calendar each has: its own, or of a person the one that it belongs to today, else
-- the last one known, as person_unit() has it; written out here, since it is asked of thousands.
CREATE OR REPLACE FUNCTION goal_phase_page(
    whole goal,
    is_deep boolean,
    rows_wanted integer,
    after_id bigint
)
RETURNS TABLE (
    id bigint,
    unit_id bigint,
    person_id bigint,
    version integer,
    home_id bigint
)
LANGUAGE plpgsql
STABLE
ROWS 200
AS $$
#variable_conflict use_column
DECLARE
    today date := unit_today(coalesce(whole.unit_id, person_unit(whole.person_id)));
BEGIN
    RETURN QUERY
    SELECT g.id, g.unit_id, g.person_id, g.version, home.unit_id
    FROM goal AS g
    CROSS JOIN LATERAL (
        SELECT coalesce(
            g.unit_id,
            (
                SELECT m.unit_id
                FROM membership AS m
                WHERE m.person_id = g.person_id
                ORDER BY today BETWEEN m.from_date AND m.to_date DESC, m.from_date DESC
                LIMIT 1
            )
        )
    ) AS home (unit_id)
    WHERE
        g.metric = whole.metric
        AND g.from_date = whole.from_date
        AND g.to_date = whole.to_date
        AND g.currency IS NOT DISTINCT FROM whole.currency
        AND g.id > goal_phase_page.after_id
        AND (
            g.id = whole.id
            OR (
                goal_phase_page.is_deep
                AND EXISTS (
                    SELECT
                    FROM reach AS r
                    WHERE
                        r.ancestor_id = whole.unit_id
                        AND r.unit_id = home.unit_id
                        AND today BETWEEN r.from_date AND r.to_date
                )
            )
        )
    ORDER BY g.id
    LIMIT goal_phase_page.rows_wanted + 1;
END;
$$;
