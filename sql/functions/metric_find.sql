-- A metric by its word; refuses what is missing or unknown.
CREATE OR REPLACE FUNCTION metric_find(metric text)
RETURNS metric
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    chosen metric;
    known text;
BEGIN
    PERFORM require('metric', metric_find.metric IS NOT NULL);
    SELECT m.* INTO chosen FROM metric AS m WHERE m.metric = metric_find.metric;
    IF NOT FOUND THEN
        SELECT string_agg(m.metric, ', ' ORDER BY m.position) INTO known FROM metric AS m;
        PERFORM refuse('unknown_metric', 'metric', metric_find.metric, known);
    END IF;
    RETURN chosen;
END;
$$;
