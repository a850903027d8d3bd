-- The settings that a fact's verdict needs, for many units and days at once: of the nearest unit
-- upward that has one on that day, else the default.
CREATE OR REPLACE FUNCTION facts_settings(units bigint[], days date[])
RETURNS TABLE (
    unit_id bigint,
    day date,
    rule_version integer,
    minimum_visit_minutes integer,
    profile_industries text[]
)
LANGUAGE plpgsql
STABLE
ROWS 100
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH
        place AS MATERIALIZED (
            SELECT DISTINCT p.unit_id, p.day
            FROM unnest(facts_settings.units, facts_settings.days) AS p (unit_id, day)
        ),
        nearest AS (
            SELECT DISTINCT ON (place.unit_id, place.day, s.key)
                place.unit_id, place.day, s.key, s.value
            FROM setting AS s
            JOIN reach AS r ON r.ancestor_id = s.unit_id
            JOIN unit AS u ON u.id = r.unit_id
            JOIN place
                ON
                    place.unit_id = r.unit_id
                    AND greatest(place.day, u.exists_from) BETWEEN r.from_date AND r.to_date
                    AND s.from_date <= place.day
            WHERE s.key IN ('rule_version', 'minimum_visit_minutes', 'profile_industries')
            ORDER BY place.unit_id, place.day, s.key, r.depth, s.from_date DESC
        ),
        stated AS MATERIALIZED (
            SELECT n.unit_id, n.day, jsonb_object_agg(n.key, n.value) AS value
            FROM nearest AS n
            GROUP BY n.unit_id, n.day
        ),
        usual AS MATERIALIZED (
            SELECT jsonb_object_agg(d.key, d.value) AS value FROM setting_default AS d
        ),
        in_force AS (
            SELECT
                place.unit_id,
                place.day,
                coalesce(usual.value || stated.value, usual.value) AS value
            FROM place
            CROSS JOIN usual
            LEFT JOIN stated ON stated.unit_id = place.unit_id AND stated.day = place.day
        )
    SELECT
        f.unit_id,
        f.day,
        (f.value ->> 'rule_version')::integer,
        (f.value ->> 'minimum_visit_minutes')::integer,
        ARRAY(SELECT jsonb_array_elements_text(f.value -> 'profile_industries'))
    FROM in_force AS f;
END;
$$;
