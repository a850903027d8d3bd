-- FactService.List: the facts of a unit where the work was done (1.1), or of one person, newest day
-- and instant first. The cursor is day, instant and id of the last one of the page before.
CREATE OR REPLACE FUNCTION fact_list(
    INOUT unit text,
    INOUT person text,
    INOUT kind text,
    from_date text,
    to_date text,
    INOUT effective boolean,
    INOUT customer text,
    page_size integer,
    cursor text,
    OUT id text,
    OUT person_name text,
    OUT occurred_at timestamptz,
    OUT local_date text,
    OUT local_time text,
    OUT deal text,
    OUT amount_minor bigint,
    OUT currency text,
    OUT failed_reasons text[],
    OUT note text,
    OUT voided_by text,
    OUT summary text,
    OUT next_cursor text
)
RETURNS SETOF record
LANGUAGE plpgsql
STABLE
SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
DECLARE
    home record := scope_or_home(fact_list.unit, fact_list.person);
    first_day date := coalesce(date_of(fact_list.from_date, 'from_date'), '-infinity');
    last_day date := coalesce(date_of(fact_list.to_date, 'to_date'), 'infinity');
    buyer uuid := (customer_find(fact_list.customer)).id;
    rows_wanted integer := least(greatest(coalesce(fact_list.page_size, 200), 1), 1000);
    after record := fact_cursor(fact_list.cursor);
    until date := least(last_day, after.day);
    -- A unit's facts are not looked through from its first day on: of the days before its last work
    -- as many as give a page, eight times as many each time.
    newest date;
    days integer := 1;
    since date;
    page fact[];
BEGIN
    IF last_day < first_day THEN
        PERFORM refuse('dates_reversed', 'to_date', first_day::text, last_day::text);
    END IF;
    IF home.person_id IS NULL AND buyer IS NULL THEN
        newest := coalesce(newest_work(home.unit_id, until), least(until, current_date));
    END IF;
    LOOP
        since := CASE
            WHEN newest IS NULL OR days > 10000 THEN first_day
            ELSE greatest(first_day, newest - days)
        END;
        page := ARRAY(
            SELECT f
            FROM fact AS f
            WHERE
                f.person_id IN (
                    SELECT w.person_id FROM people_who_worked(home.unit_id, home.person_id) AS w
                )
                AND f.local_date BETWEEN since AND until
                AND (fact_list.kind IS NULL OR f.kind = fact_list.kind)
                AND (fact_list.effective IS NULL OR f.effective = fact_list.effective)
                AND (buyer IS NULL OR f.customer_id = buyer)
                AND (
                    home.unit_id IS NULL
                    OR EXISTS (
                        SELECT
                        FROM reach AS r
                        WHERE
                            r.ancestor_id = home.unit_id
                            AND r.unit_id = f.unit_id
                            AND f.local_date BETWEEN r.from_date AND r.to_date
                    )
                )
                AND (
                    fact_list.cursor IS NULL
                    OR (f.local_date, f.occurred_at, f.id) < (after.day, after.instant, after.id)
                )
            ORDER BY f.local_date DESC, f.occurred_at DESC, f.id DESC
            LIMIT rows_wanted + 1
        );
        EXIT WHEN since = first_day OR cardinality(page) > rows_wanted;
        days := days * 8;
    END LOOP;
    RETURN QUERY
    SELECT
        s.unit, s.person, s.kind, s.effective, s.customer, s.id, s.person_name, s.occurred_at,
        s.local_date, s.local_time, s.deal, s.amount_minor, s.currency, s.failed_reasons, s.note,
        s.voided_by, s.summary,
        CASE
            WHEN cardinality(page) > rows_wanted AND s.ordinality = rows_wanted
            THEN concat_ws('/', s.local_date, extract(epoch FROM s.occurred_at), s.id)
        END
    FROM facts_shown(page[:rows_wanted]) WITH ORDINALITY AS s
    ORDER BY s.ordinality;
END;
$$;
