-- The target of each slot and metric, and where it comes from: its goals, which report_goals()
-- found; else, for a metric with a daily standard, what the standard asks of the slot's reps (2.1).
-- metrics bounds them.
CREATE OR REPLACE FUNCTION report_targets(
    slots report_slot[],
    goals report_goal[],
    metrics text[],
    as_is boolean,
    today date
)
RETURNS SETOF report_target
LANGUAGE plpgsql
STABLE
ROWS 100
AS $$
#variable_conflict use_column
DECLARE
    by_goal report_target[] := report_targets_by_goal(report_targets.goals);
BEGIN
    RETURN QUERY SELECT t.* FROM unnest(by_goal) AS t;
    -- What no standard is for needs none worked out for thousands of reps.
    IF report_targets.metrics IS NULL
        OR EXISTS (SELECT FROM standard AS d WHERE d.metric = ANY (report_targets.metrics))
    THEN
        RETURN QUERY
        SELECT s.slot, s.metric, '', s.target, 'standard', NULL::integer, NULL::rate_used[]
        FROM report_standards(
            report_targets.slots, report_targets.as_is, report_targets.today
        ) AS s
        WHERE
            (report_targets.metrics IS NULL OR s.metric = ANY (report_targets.metrics))
            -- Of thousands of reps as well: it is hashed, which no estimate changes.
            AND (s.slot, s.metric) NOT IN (SELECT g.slot, g.metric FROM unnest(by_goal) AS g);
    END IF;
END;
$$;
