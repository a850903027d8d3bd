-- The funnel of each slot (3.5), a line for each currency: deals by grade and end, and the median
-- of the days from opened to signed. A slot without deals has a line of zeros. Open deals are as of
-- now and in no part of time: with closed_only there is nothing said of them.
CREATE OR REPLACE FUNCTION funnel_lines(slots report_slot[], closed_only boolean)
RETURNS TABLE (
    slot integer,
    currency text,
    open_c bigint,
    open_b bigint,
    open_a bigint,
    won bigint,
    lost bigint,
    won_value_minor bigint,
    open_value_minor bigint,
    median_days_to_sign bigint
)
LANGUAGE sql
STABLE
AS $$
    SELECT
        s.slot,
        coalesce(d.currency, s.currency),
        CASE
            WHEN NOT closed_only
            THEN count(*) FILTER (WHERE d.state = 'open' AND d.grade = 'c')
        END,
        CASE
            WHEN NOT closed_only
            THEN count(*) FILTER (WHERE d.state = 'open' AND d.grade = 'b')
        END,
        CASE
            WHEN NOT closed_only
            THEN count(*) FILTER (WHERE d.state = 'open' AND d.grade = 'a')
        END,
        count(*) FILTER (WHERE d.state = 'signed'),
        count(*) FILTER (WHERE d.state = 'lost'),
        coalesce(sum(d.value_minor) FILTER (WHERE d.state = 'signed'), 0)::bigint,
        CASE
            WHEN NOT closed_only
            THEN coalesce(sum(d.value_minor) FILTER (WHERE d.state = 'open'), 0)::bigint
        END,
        -- Of an even count the middle between the two, half a day up.
        floor(
            0.5
            + percentile_cont(0.5) WITHIN GROUP (ORDER BY d.days_to_close)
            FILTER (WHERE d.state = 'signed')
        )::bigint
    FROM unnest(funnel_lines.slots) AS s
    LEFT JOIN funnel_deals(funnel_lines.slots, funnel_lines.closed_only) AS d ON d.slot = s.slot
    GROUP BY s.slot, 2
    ORDER BY s.slot, 2;
$$;
