-- A setting in force for a unit on a day: of the nearest unit upward that has one, its latest
-- from_date, else the default. A day before the unit existed counts as its first.
CREATE OR REPLACE FUNCTION setting_of(unit_id bigint, key text, day date)
RETURNS jsonb
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
BEGIN
    RETURN coalesce(
        (
            SELECT s.value
            FROM unit AS u
            JOIN reach AS r
                ON
                    r.unit_id = u.id
                    AND greatest(setting_of.day, u.exists_from) BETWEEN r.from_date AND r.to_date
            JOIN setting AS s ON s.unit_id = r.ancestor_id AND s.from_date <= setting_of.day
            WHERE u.id = setting_of.unit_id AND s.key = setting_of.key
            ORDER BY r.depth, s.from_date DESC
            LIMIT 1
        ),
        (SELECT d.value FROM setting_default AS d WHERE d.key = setting_of.key)
    );
END;
$$;
