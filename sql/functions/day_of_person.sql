-- For FactService.ShowDay: the person, the day, and where the person belonged on it; for a day
-- without a membership, where the person belongs now.
CREATE OR REPLACE FUNCTION day_of_person(
    person text,
    date text,
    OUT person_id bigint,
    OUT unit_id bigint,
    OUT office_id bigint,
    OUT day date
)
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
BEGIN
    person_id := coalesce(person_find(day_of_person.person), actor());
    day := coalesce(
        date_of(day_of_person.date, 'date'),
        unit_today(person_unit(day_of_person.person_id))
    );
    SELECT m.unit_id, m.office_id INTO unit_id, office_id
    FROM membership AS m
    WHERE m.person_id = day_of_person.person_id
    ORDER BY
        (day_of_person.day BETWEEN m.from_date AND m.to_date) DESC,
        m.unit_id = person_unit(day_of_person.person_id) DESC
    LIMIT 1;
    IF NOT FOUND THEN
        PERFORM refuse(
            'not_a_member_then',
            'person',
            (SELECT p.handle FROM person AS p WHERE p.id = day_of_person.person_id),
            coalesce(day_of_person.day, current_date)::text
        );
    END IF;
END;
$$;
