-- What a request with a unit and a person is about: what it names; else the highest unit that the
-- actor leads today, or for one who leads none the actor. Whoever has no say over others is never
-- answered with others' work.
CREATE OR REPLACE FUNCTION scope_or_home(
    unit text,
    person text,
    OUT unit_id bigint,
    OUT person_id bigint
)
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
BEGIN
    unit_id := unit_find(scope_or_home.unit);
    person_id := person_find(scope_or_home.person);
    IF unit_id IS NULL AND person_id IS NULL THEN
        SELECT u.id INTO unit_id
        FROM role_grant AS g
        JOIN unit AS u ON u.id = g.unit_id
        WHERE
            g.person_id = actor()
            AND g.role IN ('supervisor', 'region_manager', 'director')
            AND unit_today(u.id) BETWEEN g.from_date AND g.to_date
        ORDER BY
            CASE u.path WHEN '/' THEN 0 ELSE cardinality(string_to_array(u.path, '/')) END, u.path
        LIMIT 1;
        IF unit_id IS NULL THEN
            person_id := actor();
        END IF;
    END IF;
END;
$$;
