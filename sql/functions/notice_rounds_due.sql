-- Offices whose hour has come (setting pace_hour) on a day of theirs that had no round yet, with
-- that day. An office is looked at until its round is made, and then not before its day is over.
CREATE OR REPLACE FUNCTION notice_rounds_due(most integer)
RETURNS TABLE (office_id bigint, date date, ends_at timestamptz)
LANGUAGE sql
STABLE
AS $$
    SELECT
        o.office_id,
        clock.local::date,
        (clock.local::date + 1)::timestamp AT TIME ZONE clock.zone
    FROM (
        SELECT DISTINCT m.office_id
        FROM membership AS m
        WHERE m.from_date <= current_date + 1 AND m.to_date >= current_date - 1
    ) AS o
    CROSS JOIN LATERAL (
        SELECT now() AT TIME ZONE z.zone AS local, z.zone
        FROM unit_time_zone(o.office_id) AS z (zone)
    ) AS clock
    WHERE
        NOT EXISTS (
            SELECT
            FROM notice_round AS r
            WHERE r.office_id = o.office_id AND r.ends_at > now()
        )
        AND extract(hour FROM clock.local)
        >= setting_of(o.office_id, 'pace_hour', clock.local::date)::integer
    ORDER BY o.office_id
    LIMIT notice_rounds_due.most;
$$;
