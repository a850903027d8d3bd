-- Tells the people of an office who are behind pace on that day what they lack (topic pace), and
-- whoever leads their team, or another unit up to the office, which of them are, worst first (topic
-- team_pace): the first 20, and how many more. Leaders hear of it on their own working days.
CREATE OR REPLACE FUNCTION notice_pace(office_id bigint, day date)
RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    told notice_in[];
BEGIN
    WITH
        progress AS MATERIALIZED (
            SELECT p.*
            FROM day_progress(
                notice_pace.office_id,
                day,
                setting_of(notice_pace.office_id, 'pace_expected_milli', day)::integer
            ) AS p
        ),
        behind AS MATERIALIZED (
            SELECT
                p.person_id,
                p.unit_id,
                (1000 * avg(least(p.done::numeric / p.target, 1)))::integer AS reached_milli,
                jsonb_agg(
                    jsonb_build_object('metric', p.metric, 'done', p.done, 'target', p.target)
                    ORDER BY p.place
                ) FILTER (WHERE p.is_behind) AS lines
            FROM progress AS p
            GROUP BY p.person_id, p.unit_id
            HAVING bool_or(p.is_behind)
        ),
        leader AS (
            SELECT DISTINCT g.person_id, g.unit_id
            FROM reach AS r
            JOIN role_grant AS g ON g.unit_id = r.unit_id
            WHERE
                r.ancestor_id = notice_pace.office_id
                AND day BETWEEN r.from_date AND r.to_date
                AND g.role <> 'admin'
                AND day BETWEEN g.from_date AND g.to_date
                AND (SELECT d.factor_milli FROM person_days(g.person_id, day, day) AS d) > 0
        ),
        list AS (
            SELECT
                l.person_id AS leader_id,
                l.unit_id,
                b.person_id,
                b.reached_milli,
                row_number() OVER (
                    PARTITION BY l.person_id, l.unit_id ORDER BY b.reached_milli, b.person_id
                ) AS place
            FROM leader AS l
            JOIN reach AS r
                ON r.ancestor_id = l.unit_id AND day BETWEEN r.from_date AND r.to_date
            JOIN behind AS b ON b.unit_id = r.unit_id AND b.person_id <> l.person_id
        ),
        made AS (
            SELECT
                b.person_id,
                'pace' AS topic,
                day::text AS key,
                NULL::bigint AS unit_id,
                false AS led_only,
                jsonb_build_object('from_date', day, 'lines', b.lines) AS detail
            FROM behind AS b
            UNION ALL
            SELECT
                l.leader_id,
                'team_pace',
                concat_ws(' ', day, l.unit_id),
                l.unit_id,
                true,
                jsonb_build_object(
                    'from_date', day,
                    'lines', jsonb_agg(
                        jsonb_build_object(
                            'person_id', l.person_id, 'reached_milli', l.reached_milli
                        )
                        ORDER BY l.place
                    ) FILTER (WHERE l.place <= 20),
                    'more', nullif(greatest(count(*) - 20, 0), 0)
                )
            FROM list AS l
            GROUP BY l.leader_id, l.unit_id
        )
    SELECT
        array_agg(
            (m.person_id, m.topic, m.key, NULL, m.unit_id, m.led_only, m.detail)::notice_in
            ORDER BY m.topic, m.person_id
        )
    INTO told
    FROM made AS m;
    IF told IS NOT NULL THEN
        PERFORM notices_add(told);
    END IF;
END;
$$;
