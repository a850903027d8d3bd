-- The goals of each slot's unit or person that overlap its range, in the versions in force, with
-- their stretch: what a goal is held against is what its parts add up to (2.3). metrics bounds
-- them. NULL where there are none.
CREATE OR REPLACE FUNCTION report_goals(slots report_slot[], metrics text[])
RETURNS report_goal[]
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
BEGIN
    RETURN (
        WITH
            asked AS MATERIALIZED (
                SELECT s.* FROM unnest(report_goals.slots) AS s
            ),
            there AS (
                SELECT g.*, s.slot, s.currency AS slot_currency, s.from_date AS first_day,
                    s.to_date AS last_day, s.calendar_unit_id
                FROM asked AS s
                JOIN goal AS g
                    ON
                        g.unit_id = s.goal_unit_id
                        AND g.from_date <= s.to_date
                        AND g.to_date >= s.from_date
                UNION ALL
                SELECT g.*, s.slot, s.currency, s.from_date, s.to_date, s.calendar_unit_id
                FROM asked AS s
                JOIN goal AS g
                    ON
                        g.person_id = s.goal_person_id
                        AND g.from_date <= s.to_date
                        AND g.to_date >= s.from_date
            )
        SELECT
            array_agg(
                ROW(
                    t.slot,
                    t.id,
                    t.metric,
                    coalesce(t.currency, ''),
                    t.from_date,
                    t.to_date,
                    v.stretched_target,
                    v.target,
                    t.slot_currency,
                    t.first_day,
                    t.last_day,
                    t.calendar_unit_id
                )::report_goal
            )
        FROM there AS t
        JOIN goal_version AS v ON v.goal_id = t.id AND v.version = t.version
        WHERE report_goals.metrics IS NULL OR t.metric = ANY (report_goals.metrics)
    );
END;
$$;
