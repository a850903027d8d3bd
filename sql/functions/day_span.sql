-- From when to when a day lasts in a zone. NULLs for a day on which clocks are changed: what falls
-- on it is worked out one by one.
CREATE OR REPLACE FUNCTION day_span(
    day date,
    time_zone text,
    OUT starts timestamptz,
    OUT ends timestamptz
)
LANGUAGE plpgsql
IMMUTABLE
AS $$
BEGIN
    starts := day::timestamp AT TIME ZONE time_zone;
    ends := (day + 1)::timestamp AT TIME ZONE time_zone;
    IF ends - starts <> interval '24 hours'
        OR starts AT TIME ZONE time_zone <> day
        OR ends AT TIME ZONE time_zone <> day + 1
    THEN
        starts := NULL;
        ends := NULL;
    END IF;
END;
$$;
