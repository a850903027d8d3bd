-- FactService.ShowDay: the day's facts in the order in which they happened.
CREATE OR REPLACE FUNCTION fact_show_day_facts(person text, date text)
RETURNS TABLE (
    id text,
    person text,
    person_name text,
    unit text,
    kind text,
    occurred_at timestamptz,
    local_date text,
    local_time text,
    customer text,
    deal text,
    amount_minor bigint,
    currency text,
    effective boolean,
    failed_reasons text[],
    note text,
    voided_by text,
    summary text
)
LANGUAGE sql
STABLE
AS $$
    SELECT *
    FROM facts_shown(
        ARRAY(
            SELECT f
            FROM day_of_person($1, $2) AS d
            JOIN fact AS f ON f.person_id = d.person_id AND f.local_date = d.day
            ORDER BY f.occurred_at, f.id
        )
    );
$$;
