-- The lines of a roll-up: for each slot every metric asked for, or else every one with work or a
-- goal in the scope. Money is in the slot's currency; what no rate converts into it, and all of it
-- where the slot has none, has a line for each currency. Lines of nothing are kept, so that slots
-- can be compared, except in a currency that is not the slot's own.
CREATE OR REPLACE FUNCTION report_lines(
    slots report_slot[],
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
                report_lines.slots, report_lines.metrics, report_lines.as_is, report_lines.today
            ) AS t
        ),
        seen AS MATERIALIZED (
            SELECT work.metric, work.currency
            FROM work
            WHERE work.done <> 0
            UNION
            SELECT aim.metric, aim.currency
            FROM aim
            WHERE aim.target_source = 'goal'
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
        )
    SELECT
        s.slot,
        m.metric,
        nullif(line.currency, ''),
        coalesce(work.done, 0),
        coalesce(work.effective, 0),
        aim.target,
        aim.target_source,
        aim.stretch_milli,
        work.rates || aim.rates
    FROM unnest(report_lines.slots) AS s
    CROSS JOIN line
    JOIN metric AS m ON m.metric = line.metric
    LEFT JOIN work
        ON
            work.slot = s.slot
            AND work.metric = line.metric
            AND work.currency = line.currency
    LEFT JOIN aim
        ON
            aim.slot = s.slot
            AND aim.metric = line.metric
            AND aim.currency = line.currency
    WHERE
        line.currency IN ('', coalesce(s.currency, line.currency))
        OR work.slot IS NOT NULL
        OR aim.slot IS NOT NULL
    ORDER BY s.slot, m.position, m.metric, line.currency;
END;
$$;
