-- Rule 2.5 for one unit: every day of a range with f(d) in thousandths, and what the weekday mask
-- alone would give. A dated exception wins over the mask; of both, that of the nearest unit above
-- on that very day. Days before the unit existed count as its first place.
CREATE OR REPLACE FUNCTION calendar_days(unit_id bigint, from_date date, to_date date)
RETURNS TABLE (date date, factor_milli integer, name text, usual_milli integer)
LANGUAGE sql
STABLE
AS $$
    WITH
        day AS (
            SELECT
                calendar_days.from_date + i AS date,
                greatest(calendar_days.from_date + i, u.exists_from) AS placed_on
            FROM unit AS u
            CROSS JOIN generate_series(0, calendar_days.to_date - calendar_days.from_date) AS i
            WHERE u.id = calendar_days.unit_id
        ),
        above AS MATERIALIZED (
            SELECT r.ancestor_id, r.depth, r.from_date, r.to_date
            FROM reach AS r
            WHERE r.unit_id = calendar_days.unit_id
        ),
        week AS MATERIALIZED (
            SELECT
                w.unit_id,
                w.weekday_mask,
                w.from_date,
                lead(w.from_date, 1, 'infinity') OVER (
                    PARTITION BY w.unit_id ORDER BY w.from_date
                ) AS end_date
            FROM working_week AS w
            WHERE w.unit_id IN (SELECT above.ancestor_id FROM above)
        ),
        usual AS (
            SELECT DISTINCT ON (day.date)
                day.date,
                1000 * (week.weekday_mask >> (extract(isodow FROM day.date)::integer - 1) & 1)
                    AS factor_milli
            FROM day
            JOIN above ON day.placed_on BETWEEN above.from_date AND above.to_date
            JOIN week
                ON
                    week.unit_id = above.ancestor_id
                    AND day.date >= week.from_date
                    AND day.date < week.end_date
            WHERE week.weekday_mask IS NOT NULL
            ORDER BY day.date, above.depth
        ),
        exception AS (
            SELECT DISTINCT ON (day.date) day.date, e.factor_milli, e.name
            FROM above
            JOIN calendar_exception AS e
                ON
                    e.unit_id = above.ancestor_id
                    AND e.date BETWEEN calendar_days.from_date AND calendar_days.to_date
            JOIN day
                ON
                    day.date = e.date
                    AND day.placed_on BETWEEN above.from_date AND above.to_date
            ORDER BY day.date, above.depth
        )
    SELECT
        usual.date,
        coalesce(exception.factor_milli, usual.factor_milli),
        exception.name,
        usual.factor_milli
    FROM usual
    LEFT JOIN exception ON exception.date = usual.date
    ORDER BY usual.date;
$$;
