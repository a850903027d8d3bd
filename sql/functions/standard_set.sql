-- StandardService.Set: a unit's own daily standard from a day on (2.1), today when none is given.
CREATE OR REPLACE FUNCTION standard_set(
    INOUT unit text,
    INOUT metric text,
    INOUT target bigint,
    from_date text
)
RETURNS SETOF record
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    place bigint := unit_or_home(standard_set.unit);
    chosen metric := metric_find(standard_set.metric);
    day date := coalesce(date_of(standard_set.from_date, 'from_date'), unit_today(place));
BEGIN
    PERFORM require('target', standard_set.target IS NOT NULL);
    IF standard_set.target < 0 THEN
        PERFORM refuse('negative_target', 'target', standard_set.target::text);
    END IF;
    INSERT INTO standard (unit_id, metric, from_date, target)
    VALUES (place, chosen.metric, day, standard_set.target)
    ON CONFLICT (unit_id, metric, from_date) DO UPDATE
    SET target = excluded.target;
    RETURN QUERY
    SELECT u.path, chosen.metric, standard_set.target FROM unit AS u WHERE u.id = place;
END;
$$;
