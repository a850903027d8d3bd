-- What the days of goals weigh (2.6), f(d) x season(d) in millionths: for each ask and time between
-- two re-balances, how many days of each weight its target falls on, how many of them come before
-- those asked about, and how many are. A day of leave weighs what is left of it. Where no day is
-- worked, one is as good as another.
CREATE OR REPLACE FUNCTION goal_ask_weights(asks goal_ask[])
RETURNS TABLE (
    place integer,
    frame_from date,
    target bigint,
    done bigint,
    weight bigint,
    days bigint,
    days_before bigint,
    days_asked bigint
)
LANGUAGE plpgsql
STABLE
ROWS 100
AS $$
#variable_conflict use_column
BEGIN
    -- Mostly there is nothing to ask.
    IF cardinality(goal_ask_weights.asks) = 0 THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH
        asked AS MATERIALIZED (
            SELECT
                a.place,
                a.calendar_unit_id,
                g.person_id,
                coalesce(f.seasons, '') AS seasons,
                f.from_date,
                f.last_day,
                f.target,
                f.done,
                greatest(a.from_date, f.from_date) AS ask_from,
                least(a.to_date, f.until) AS ask_to
            FROM unnest(goal_ask_weights.asks) AS a
            JOIN goal AS g ON g.id = a.goal_id
            JOIN goal_frames(
                ARRAY(SELECT DISTINCT o.goal_id FROM unnest(goal_ask_weights.asks) AS o)
            ) AS f ON f.goal_id = a.goal_id
            WHERE a.from_date <= f.until AND a.to_date >= f.from_date
        ),
        span AS MATERIALIZED (
            SELECT
                min(a.from_date) AS first_day,
                max(a.last_day) AS last_day,
                array_agg(DISTINCT a.calendar_unit_id) AS units
            FROM asked AS a
            HAVING count(*) > 0
        ),
        home AS MATERIALIZED (
            SELECT c.* FROM span CROSS JOIN LATERAL calendars_of(span.units) AS c
        ),
        day AS MATERIALIZED (
            SELECT
                k.calendar_id,
                k.seasons,
                d.date,
                d.factor_milli,
                s.season,
                d.factor_milli * s.season AS weight
            FROM (
                SELECT DISTINCT h.calendar_id, a.seasons
                FROM asked AS a
                JOIN home AS h ON h.unit_id = a.calendar_unit_id
            ) AS k
            CROSS JOIN span
            CROSS JOIN LATERAL calendar_days(k.calendar_id, span.first_day, span.last_day) AS d
            CROSS JOIN LATERAL (
                SELECT CASE k.seasons WHEN '' THEN 1000 ELSE season_milli(k.seasons, d.date) END
            ) AS s (season)
        ),
        -- Days of each weight up to and with each day, to be looked up.
        count_to AS MATERIALIZED (
            SELECT c.calendar_id, c.seasons, c.weight, array_agg(c.days ORDER BY c.date) AS days
            FROM (
                SELECT
                    w.*,
                    d.date,
                    count(*) FILTER (WHERE d.weight = w.weight) OVER (
                        PARTITION BY w.calendar_id, w.seasons, w.weight ORDER BY d.date
                    ) AS days
                FROM (SELECT DISTINCT day.calendar_id, day.seasons, day.weight FROM day) AS w
                JOIN day AS d ON d.calendar_id = w.calendar_id AND d.seasons = w.seasons
            ) AS c
            GROUP BY c.calendar_id, c.seasons, c.weight
        ),
        counted AS (
            SELECT
                a.place,
                a.from_date,
                a.target,
                a.done,
                c.weight,
                c.days[a.last_day - span.first_day + 1]
                - coalesce(c.days[a.from_date - span.first_day], 0) AS days,
                coalesce(c.days[a.ask_from - span.first_day], 0)
                - coalesce(c.days[a.from_date - span.first_day], 0) AS days_before,
                c.days[a.ask_to - span.first_day + 1]
                - coalesce(c.days[a.ask_from - span.first_day], 0) AS days_asked
            FROM asked AS a
            CROSS JOIN span
            JOIN home AS h ON h.unit_id = a.calendar_unit_id
            JOIN count_to AS c ON c.calendar_id = h.calendar_id AND c.seasons = a.seasons
            UNION ALL
            -- From the days of one weight to those of another.
            SELECT
                a.place,
                a.from_date,
                a.target,
                a.done,
                moved.weight,
                moved.days,
                moved.days * (l.date < a.ask_from)::integer,
                moved.days * (l.date BETWEEN a.ask_from AND a.ask_to)::integer
            FROM asked AS a
            JOIN home AS h ON h.unit_id = a.calendar_unit_id
            JOIN leave AS l
                ON l.person_id = a.person_id AND l.date BETWEEN a.from_date AND a.last_day
            JOIN day AS d
                ON
                    d.calendar_id = h.calendar_id
                    AND d.seasons = a.seasons
                    AND d.date = l.date
            CROSS JOIN LATERAL (
                VALUES
                (d.weight, -1),
                (greatest(d.factor_milli - l.away_milli, 0) * d.season, 1)
            ) AS moved (weight, days)
        ),
        summed AS (
            SELECT
                c.place,
                c.from_date,
                c.target,
                c.done,
                c.weight,
                sum(c.days)::bigint AS days,
                sum(c.days_before)::bigint AS days_before,
                sum(c.days_asked)::bigint AS days_asked
            FROM counted AS c
            GROUP BY c.place, c.from_date, c.target, c.done, c.weight
        )
    SELECT
        s.place,
        s.from_date,
        s.target,
        s.done,
        CASE
            WHEN sum(s.weight * s.days) OVER (PARTITION BY s.place, s.from_date) = 0 THEN 1
            ELSE s.weight
        END,
        s.days,
        s.days_before,
        s.days_asked
    FROM summed AS s
    WHERE s.days > 0;
END;
$$;
