-- A range as stretches of total: whole months by their monthly rows, the days at the ends by daily
-- ones.
CREATE OR REPLACE FUNCTION report_grains(from_date date, to_date date)
RETURNS TABLE (grain "char", from_date date, to_date date)
LANGUAGE sql
IMMUTABLE
ROWS 1
AS $$
    SELECT piece.grain, piece.from_date, piece.to_date
    FROM (
        SELECT
            date_trunc(
                'month', report_grains.from_date + interval '1 month' - interval '1 day'
            )::date,
            -- The first day after the last whole month.
            date_trunc('month', report_grains.to_date + 1)::date
    ) AS months (first_month, after_months)
    CROSS JOIN LATERAL (
        VALUES
            ('m'::"char", months.first_month, months.after_months - 1),
            (
                'd'::"char",
                report_grains.from_date,
                least(months.first_month - 1, report_grains.to_date)
            ),
            (
                'd'::"char",
                greatest(months.after_months, months.first_month),
                report_grains.to_date
            )
    ) AS piece (grain, from_date, to_date)
    WHERE piece.from_date <= piece.to_date;
$$;
