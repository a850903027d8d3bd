-- What the daily standards ask of each slot (2.1): for every rep and working day the standard of
-- the rep's unit x f(d) less leave, summed, halves up. The reps of units as they were are kept
-- (report_reps_kept); those of others, and of today's tree over past work, are counted.
CREATE OR REPLACE FUNCTION report_standards(slots report_slot[], as_is boolean, today date)
RETURNS TABLE (slot integer, metric text, target bigint)
LANGUAGE plpgsql
STABLE
ROWS 100
AS $$
#variable_conflict use_column
DECLARE
    kept report_slot[];
    others report_slot[];
    reps report_rep[];
BEGIN
    SELECT
        array_agg(s) FILTER (WHERE whole.is_whole),
        array_agg(s) FILTER (WHERE NOT whole.is_whole)
    INTO kept, others
    FROM unnest(report_standards.slots) AS s
    CROSS JOIN LATERAL (
        SELECT s.person_id IS NULL AND NOT (s.own_only OR report_standards.as_is)
    ) AS whole (is_whole);
    IF kept IS NOT NULL THEN
        reps := report_reps_kept(kept) || report_reps_away(kept);
    END IF;
    IF others IS NOT NULL THEN
        reps := reps
            || report_reps_counted(others, report_standards.as_is, report_standards.today);
    END IF;
    RETURN QUERY
    SELECT a.slot, a.metric, a.target FROM report_reps_asked(reps) AS a;
END;
$$;
