-- FactService.Pending: the facts of the people of a unit, or of one person, that wait for an
-- approval (3.4), as they were sent, the oldest day first. The cursor is day and id of the last one
-- of the page before.
CREATE OR REPLACE FUNCTION fact_pending_list(
    unit text,
    INOUT person text,
    page_size integer,
    cursor text,
    OUT id text,
    OUT kind text,
    OUT occurred_at timestamptz,
    OUT date text,
    OUT recorded_at timestamptz,
    OUT customer text,
    OUT deal text,
    OUT amount_minor bigint,
    OUT currency text,
    OUT scheduled_at timestamptz,
    OUT decision_maker text,
    OUT purpose text,
    OUT contact_role text,
    OUT minutes integer,
    OUT outcome text,
    OUT next_step text,
    OUT next_step_date text,
    OUT contact text,
    OUT phone text,
    OUT registration_number text,
    OUT industry text,
    OUT first_contact text,
    OUT subject text,
    OUT note text,
    OUT device_recorded_at timestamptz,
    OUT next_cursor text
)
RETURNS SETOF record
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    home record := scope_or_home(fact_pending_list.unit, fact_pending_list.person);
    rows_wanted integer := least(greatest(coalesce(fact_pending_list.page_size, 200), 1), 1000);
    last_day date := date_or_null(split_part(fact_pending_list.cursor, '/', 1));
    last_id uuid := uuid_or_null(split_part(fact_pending_list.cursor, '/', 2));
    page fact_pending[];
BEGIN
    IF fact_pending_list.cursor IS NOT NULL AND (last_day IS NULL OR last_id IS NULL) THEN
        PERFORM refuse('bad_cursor', 'cursor');
    END IF;
    page := ARRAY(
        SELECT q
        FROM fact_pending AS q
        WHERE
            (home.person_id IS NULL OR q.person_id = home.person_id)
            AND (
                home.unit_id IS NULL
                OR q.person_id IN (SELECT b.person_id FROM people_below(home.unit_id) AS b)
            )
            AND (last_id IS NULL OR (q.local_date, q.id) > (last_day, last_id))
            -- The index of what waits.
            AND q.declined_at IS NULL
            AND q.approved_at IS NULL
            AND fact_waits(q)
        ORDER BY q.local_date, q.id
        LIMIT rows_wanted + 1
    );
    RETURN QUERY
    SELECT
        p.handle, q.id::text, f.kind, f.occurred_at, q.local_date::text, f.recorded_at, f.customer,
        f.deal, f.amount_minor, f.currency, f.scheduled_at, f.decision_maker, f.purpose,
        f.contact_role, f.minutes, f.outcome, f.next_step, f.next_step_date, f.contact, f.phone,
        f.registration_number, f.industry, f.first_contact, f.subject, f.note,
        f.device_recorded_at,
        CASE
            WHEN cardinality(page) > rows_wanted AND q.ordinality = rows_wanted
            THEN q.local_date || '/' || q.id
        END
    FROM unnest(page[:rows_wanted]) WITH ORDINALITY AS q
    JOIN person AS p ON p.id = q.person_id
    CROSS JOIN LATERAL jsonb_populate_record(NULL::fact_in, q.content) AS f
    ORDER BY q.ordinality;
END;
$$;
