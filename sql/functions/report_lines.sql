-- The lines of a roll-up: for each slot every metric asked for, or else every one with work or a
-- goal in the scope, and of a single day with a standard: that nobody has done any is seen. Money
-- is in the slot's currency; what no rate converts into it, and all of it where the slot has none,
-- has a line for each currency. Lines of nothing are kept, so that slots can be compared, except in
-- a currency that is not the slot's own.
CREATE OR REPLACE FUNCTION report_lines(
    slots report_slot[],
    goals report_goal[],
    metrics text[],
    as_is boolean,
    today date
)
RETURNS TABLE (
    slot integer,
    metric text,
    currency text,
    actual bigint,
    effective bigint,
    target bigint,
    target_source text,
    stretch_milli integer,
    rates rate_used[]
)
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH
        work AS MATERIALIZED (
            SELECT w.*
            FROM report_work_in_one(
                report_lines.slots, report_lines.metrics, report_lines.as_is, report_lines.today
            ) AS w
        ),
        aim AS MATERIALIZED (
            SELECT t.*
            FROM report_targets(
                report_lines.slots, report_lines.goals, report_lines.metrics, report_lines.as_is,
                report_lines.today
            ) AS t
        ),
        seen AS MATERIALIZED (
            SELECT work.metric, work.currency
            FROM work
            WHERE work.done <> 0
            UNION
            SELECT aim.metric, aim.currency
            FROM aim
            JOIN unnest(report_lines.slots) AS s ON s.slot = aim.slot
            WHERE
                aim.target_source = 'goal'
                OR (s.slot = 0 AND s.from_date = s.to_date AND aim.target > 0)
        ),
        line AS (
            SELECT seen.metric, seen.currency FROM seen
            UNION
            SELECT m.metric, CASE WHEN m.is_money THEN s.currency ELSE '' END
            FROM metric AS m
            CROSS JOIN unnest(report_lines.slots) AS s
            WHERE
                s.slot = 0
                AND m.metric = ANY (report_lines.metrics)
                AND m.metric NOT IN (SELECT seen.metric FROM seen)
        ),
        -- Summed with nothing rather than joined: no estimate can make that slow.
        filled AS (
            SELECT
                work.slot, work.metric, work.currency, work.done, work.effective,
                NULL::bigint AS target, NULL::text AS target_source,
                NULL::integer AS stretch_milli, work.rates AS work_rates,
                NULL::rate_used[] AS aim_rates
            FROM work
            UNION ALL
            SELECT
                aim.slot, aim.metric, aim.currency, 0, 0, aim.target, aim.target_source,
                aim.stretch_milli, NULL, aim.rates
            FROM aim
            UNION ALL
            SELECT s.slot, line.metric, line.currency, 0, 0, NULL, NULL, NULL, NULL, NULL
            FROM unnest(report_lines.slots) AS s
            JOIN line ON line.currency IN ('', coalesce(s.currency, line.currency))
        )
    SELECT
        f.slot,
        f.metric,
        nullif(f.currency, ''),
        f.done,
        f.effective,
        f.target,
        f.target_source,
        f.stretch_milli,
        f.work_rates || f.aim_rates
    FROM (
        SELECT
            filled.slot,
            filled.metric,
            filled.currency,
            sum(filled.done)::bigint AS done,
            sum(filled.effective)::bigint AS effective,
            max(filled.target) AS target,
            max(filled.target_source) AS target_source,
            max(filled.stretch_milli) AS stretch_milli,
            max(filled.work_rates) AS work_rates,
            max(filled.aim_rates) AS aim_rates
        FROM filled
        GROUP BY filled.slot, filled.metric, filled.currency
    ) AS f
    JOIN line ON line.metric = f.metric AND line.currency = f.currency
    JOIN metric AS m ON m.metric = f.metric
    ORDER BY f.slot, m.position, f.metric, f.currency;
END;
$$;
