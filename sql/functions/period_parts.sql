-- The parts of a period: its days, ISO weeks, months or quarters, the first and last cut off at its
-- ends, with what a person calls them.
CREATE OR REPLACE FUNCTION period_parts(part text, from_date date, to_date date)
RETURNS TABLE (number integer, label text, from_date date, to_date date)
LANGUAGE sql
IMMUTABLE
AS $$
    SELECT
        row_number() OVER (ORDER BY p.first)::integer,
        to_char(
            p.first,
            CASE period_parts.part
                WHEN 'day' THEN 'YYYY-MM-DD'
                WHEN 'week' THEN 'IYYY-"W"IW'
                WHEN 'quarter' THEN 'YYYY-"Q"Q'
                ELSE 'YYYY-MM'
            END
        ),
        greatest(p.first, period_parts.from_date),
        least(
            (
                p.first
                + CASE period_parts.part
                    WHEN 'quarter' THEN interval '3 months'
                    ELSE ('1 ' || period_parts.part)::interval
                END
            )::date - 1,
            period_parts.to_date
        )
    FROM (
        SELECT g.first::date AS first
        FROM generate_series(
            date_trunc(period_parts.part, period_parts.from_date::timestamp),
            period_parts.to_date::timestamp,
            CASE period_parts.part
                WHEN 'quarter' THEN interval '3 months'
                ELSE ('1 ' || period_parts.part)::interval
            END
        ) AS g (first)
    ) AS p;
$$;
