-- PersonService.List: the members of a unit and everything below it on a day, in the order of the
-- tree. The cursor is the handle of the last one of the page before.
CREATE OR REPLACE FUNCTION person_list(
    INOUT unit text,
    date text,
    page_size integer,
    cursor text,
    OUT handle text,
    OUT name text,
    OUT role text,
    OUT from_date text,
    OUT lent_by text,
    OUT lent_until text,
    OUT next_cursor text
)
RETURNS SETOF record
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    top bigint := unit_or_home(person_list.unit);
    day date := coalesce(date_of(person_list.date, 'date'), unit_today(top));
    rows_wanted integer := least(greatest(coalesce(person_list.page_size, 200), 1), 1000);
BEGIN
    IF person_list.cursor IS NOT NULL THEN
        PERFORM FROM person AS p WHERE p.handle = person_list.cursor;
        IF NOT FOUND THEN
            PERFORM refuse('bad_cursor', 'cursor');
        END IF;
    END IF;
    RETURN QUERY
    WITH
        member AS (
            SELECT
                p.id,
                p.handle,
                p.name,
                u.path,
                m.from_date,
                row_number() OVER (ORDER BY string_to_array(u.path, '/'), p.handle) AS place
            FROM reach AS r
            JOIN membership AS m ON m.unit_id = r.unit_id AND day BETWEEN m.from_date AND m.to_date
            JOIN unit AS u ON u.id = m.unit_id
            JOIN person AS p ON p.id = m.person_id
            WHERE r.ancestor_id = top AND day BETWEEN r.from_date AND r.to_date
        ),
        page AS (
            SELECT *
            FROM member
            WHERE
                place > coalesce(
                    (SELECT s.place FROM member AS s WHERE s.handle = person_list.cursor), 0
                )
            ORDER BY place
            LIMIT rows_wanted
        )
    SELECT
        page.path,
        page.handle,
        page.name,
        person_role(page.id, day),
        page.from_date::text,
        loan.lender,
        loan.to_date::text,
        CASE
            WHEN page.place < (SELECT max(member.place) FROM member)
                AND page.place = (SELECT max(p.place) FROM page AS p)
            THEN page.handle
        END
    FROM page
    LEFT JOIN LATERAL (
        SELECT l.handle AS lender, g.to_date
        FROM role_grant AS g
        JOIN person AS l ON l.id = g.lent_by
        WHERE
            g.person_id = page.id
            AND g.role = person_role(page.id, day)
            AND day BETWEEN g.from_date AND g.to_date
        ORDER BY g.to_date DESC
        LIMIT 1
    ) AS loan ON true
    ORDER BY page.place;
END;
$$;
