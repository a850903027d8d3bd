-- SessionService.WhoAmI: the actor, and today in the actor's unit.
CREATE OR REPLACE FUNCTION session_who_am_i()
RETURNS TABLE (
    person text,
    name text,
    unit text,
    time_zone text,
    currency text,
    today text
)
LANGUAGE sql
STABLE
AS $$
    SELECT
        p.handle,
        p.name,
        u.path,
        unit_time_zone(u.id),
        unit_currency(u.id),
        unit_today(u.id)::text
    FROM person AS p
    LEFT JOIN unit AS u ON u.id = person_unit(p.id)
    WHERE p.id = actor();
$$;
