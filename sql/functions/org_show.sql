-- OrgService.Show: the tree below a unit as it was on a day, parents before children, with what
-- each unit inherits.
CREATE OR REPLACE FUNCTION org_show(unit text, date text, depth integer)
RETURNS TABLE (
    path text,
    name text,
    kind text,
    level integer,
    headcount integer,
    time_zone text,
    locale text,
    currency text,
    leaders text,
    loans text
)
LANGUAGE plpgsql
STABLE
-- A plan for any unit would join the thousands below the company by nested loops.
SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
DECLARE
    top bigint := unit_or_home(org_show.unit);
    day date := coalesce(date_of(org_show.date, 'date'), unit_today(top));
BEGIN
    PERFORM FROM unit AS u WHERE u.id = top AND u.exists_from <= day;
    IF NOT FOUND THEN
        PERFORM refuse('unit_not_yet', 'date', u.path, u.exists_from::text)
        FROM unit AS u
        WHERE u.id = top;
    END IF;
    RETURN QUERY
    WITH
        below AS (
            SELECT r.unit_id, r.depth
            FROM reach AS r
            WHERE
                r.ancestor_id = top
                AND day BETWEEN r.from_date AND r.to_date
                AND r.depth <= coalesce(org_show.depth, r.depth)
        ),
        inherited AS (
            SELECT
                b.unit_id,
                array_agg(a.name ORDER BY r.depth DESC) FILTER (WHERE a.kind <> 'company') AS names,
                (array_agg(a.time_zone ORDER BY r.depth) FILTER (WHERE a.time_zone IS NOT NULL))[1]
                    AS time_zone,
                (array_agg(a.locale ORDER BY r.depth) FILTER (WHERE a.locale IS NOT NULL))[1]
                    AS locale,
                (array_agg(a.currency ORDER BY r.depth) FILTER (WHERE a.currency IS NOT NULL))[1]
                    AS currency
            FROM below AS b
            JOIN reach AS r ON r.unit_id = b.unit_id AND day BETWEEN r.from_date AND r.to_date
            JOIN unit AS a ON a.id = r.ancestor_id
            GROUP BY b.unit_id
        ),
        member AS (
            SELECT m.unit_id, count(*) AS people
            FROM membership AS m
            WHERE day BETWEEN m.from_date AND m.to_date
            GROUP BY m.unit_id
        ),
        staff AS (
            SELECT b.unit_id, sum(member.people)::integer AS people
            FROM below AS b
            JOIN reach AS r ON r.ancestor_id = b.unit_id AND day BETWEEN r.from_date AND r.to_date
            JOIN member ON member.unit_id = r.unit_id
            GROUP BY b.unit_id
        ),
        leader AS (
            SELECT
                g.unit_id,
                string_agg(DISTINCT p.handle, ',' ORDER BY p.handle) AS handles,
                string_agg(
                    DISTINCT format('%s for %s until %s', p.handle, l.handle, g.to_date), ','
                ) FILTER (WHERE g.lent_by IS NOT NULL) AS loans
            FROM role_grant AS g
            JOIN person AS p ON p.id = g.person_id
            LEFT JOIN person AS l ON l.id = g.lent_by
            WHERE g.role <> 'admin' AND day BETWEEN g.from_date AND g.to_date
            GROUP BY g.unit_id
        )
    SELECT
        '/' || coalesce(array_to_string(i.names, '/'), ''),
        u.name,
        u.kind,
        b.depth,
        coalesce(staff.people, 0),
        i.time_zone,
        i.locale,
        i.currency,
        leader.handles,
        leader.loans
    FROM below AS b
    JOIN unit AS u ON u.id = b.unit_id
    JOIN inherited AS i ON i.unit_id = b.unit_id
    LEFT JOIN staff ON staff.unit_id = b.unit_id
    LEFT JOIN leader ON leader.unit_id = b.unit_id
    ORDER BY coalesce(i.names, '{}');
END;
$$;
