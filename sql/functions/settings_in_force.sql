-- Every setting there is, with its value in force for a unit on a day, and where that is set; the
-- nearest unit upward that has one decides, its latest from_date.
CREATE OR REPLACE FUNCTION settings_in_force(unit_id bigint, day date)
RETURNS TABLE (key text, value text, unit text, from_date text)
LANGUAGE sql
STABLE
AS $$
    WITH
        stated AS (
            SELECT DISTINCT ON (s.key) s.key, s.value, above.path, s.from_date
            FROM unit AS u
            JOIN reach AS r
                ON
                    r.unit_id = u.id
                    AND greatest(settings_in_force.day, u.exists_from)
                    BETWEEN r.from_date AND r.to_date
            JOIN unit AS above ON above.id = r.ancestor_id
            JOIN setting AS s
                ON s.unit_id = r.ancestor_id AND s.from_date <= settings_in_force.day
            WHERE u.id = settings_in_force.unit_id
            ORDER BY s.key, r.depth, s.from_date DESC
        )
    SELECT d.key, coalesce(s.value, d.value)::text, s.path, s.from_date::text
    FROM setting_default AS d
    LEFT JOIN stated AS s ON s.key = d.key
    ORDER BY d.key;
$$;
