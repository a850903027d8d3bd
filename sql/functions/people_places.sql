-- Where each of many people belonged, and the zone and currency of their office in that time.
CREATE OR REPLACE FUNCTION people_places(people bigint[])
RETURNS TABLE (
    person_id bigint,
    unit_id bigint,
    office_id bigint,
    from_date date,
    to_date date,
    time_zone text,
    currency text
)
LANGUAGE plpgsql
STABLE
ROWS 1000
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH
        place AS MATERIALIZED (
            SELECT m.*
            FROM membership AS m
            WHERE m.person_id = ANY (people_places.people)
        ),
        office AS MATERIALIZED (
            SELECT o.id, unit_time_zone(o.id) AS time_zone, unit_currency(o.id) AS currency
            FROM (SELECT DISTINCT place.office_id FROM place) AS o (id)
        )
    SELECT
        place.person_id,
        place.unit_id,
        place.office_id,
        place.from_date,
        place.to_date,
        office.time_zone,
        office.currency
    FROM place
    JOIN office ON office.id = place.office_id;
END;
$$;
