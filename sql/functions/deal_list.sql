-- DealService.List: the deals opened in a unit, or by one person, or with one customer, the latest
-- first; open ones unless a state is asked for. The cursor is day and id of the last one of the
-- page before.
CREATE OR REPLACE FUNCTION deal_list(
    unit text,
    INOUT person text,
    INOUT customer text,
    INOUT state text,
    INOUT grade text,
    page_size integer,
    cursor text,
    OUT id text,
    OUT person_name text,
    OUT product text,
    OUT opened_on text,
    OUT expected_close text,
    OUT closed_on text,
    OUT value_minor bigint,
    OUT currency text,
    OUT lost_reason text,
    OUT external_ref text,
    OUT next_cursor text
)
RETURNS SETOF record
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    home record := scope_or_home(deal_list.unit, deal_list.person);
    whose bigint := home.person_id;
    top bigint := home.unit_id;
    buyer uuid := (customer_find(deal_list.customer)).id;
    rows_wanted integer := least(greatest(coalesce(deal_list.page_size, 200), 1), 1000);
    last_day date := date_or_null(split_part(deal_list.cursor, '/', 1));
    last_id uuid := uuid_or_null(split_part(deal_list.cursor, '/', 2));
    page deal[];
BEGIN
    IF deal_list.cursor IS NOT NULL AND (last_day IS NULL OR last_id IS NULL) THEN
        PERFORM refuse('bad_cursor', 'cursor');
    END IF;
    page := ARRAY(
        SELECT d
        FROM deal AS d
        WHERE
            d.state = coalesce(deal_list.state, 'open')
            AND (whose IS NULL OR d.person_id = whose)
            AND (buyer IS NULL OR d.customer_id = buyer)
            AND (deal_list.grade IS NULL OR d.grade = deal_list.grade)
            AND (
                top IS NULL
                OR EXISTS (
                    SELECT
                    FROM reach AS r
                    WHERE
                        r.ancestor_id = top
                        AND r.unit_id = d.unit_id
                        AND d.opened_on BETWEEN r.from_date AND r.to_date
                )
            )
            AND (deal_list.cursor IS NULL OR (d.opened_on, d.id) < (last_day, last_id))
        ORDER BY d.opened_on DESC, d.id DESC
        LIMIT rows_wanted + 1
    );
    RETURN QUERY
    SELECT
        s.person, s.customer, s.state, s.grade, s.id, s.person_name, s.product, s.opened_on,
        s.expected_close, s.closed_on, s.value_minor, s.currency, s.lost_reason, s.external_ref,
        CASE
            WHEN cardinality(page) > rows_wanted AND s.ordinality = rows_wanted
            THEN s.opened_on || '/' || s.id
        END
    FROM deals_shown(page[:rows_wanted]) WITH ORDINALITY AS s
    ORDER BY s.ordinality;
END;
$$;
