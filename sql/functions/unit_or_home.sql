-- The unit that a request means: the one it names, else the highest unit on which the actor holds a
-- role today, else the actor's own unit.
CREATE OR REPLACE FUNCTION unit_or_home(reference text, field text DEFAULT 'unit')
RETURNS bigint
LANGUAGE plpgsql
STABLE
AS $$
DECLARE
    home bigint;
BEGIN
    IF reference IS NOT NULL THEN
        RETURN unit_find(reference, field);
    END IF;
    SELECT u.id INTO home
    FROM role_grant AS g
    JOIN unit AS u ON u.id = g.unit_id
    WHERE g.person_id = actor() AND unit_today(u.id) BETWEEN g.from_date AND g.to_date
    ORDER BY CASE u.path WHEN '/' THEN 0 ELSE cardinality(string_to_array(u.path, '/')) END, u.path
    LIMIT 1;
    home := coalesce(home, person_unit(actor()));
    IF home IS NULL THEN
        PERFORM refuse('no_home_unit', field);
    END IF;
    RETURN home;
END;
$$;
