-- AuditService.List: who did what, or was refused, newest first. Which rows there are, the table's
-- policy says. Days are those of the actor's unit. The cursor is the id of the last one of the page
-- before.
CREATE OR REPLACE FUNCTION audit_list(
    INOUT person text,
    INOUT unit text,
    INOUT object text,
    from_date text,
    to_date text,
    refused boolean,
    page_size integer,
    cursor text,
    OUT at timestamptz,
    OUT actor text,
    OUT actor_name text,
    OUT on_behalf_of text,
    OUT device text,
    OUT address text,
    OUT method text,
    OUT object_kind text,
    OUT before text,
    OUT after text,
    OUT refusal text,
    OUT local_time text,
    OUT next_cursor text
)
RETURNS SETOF record
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    whose bigint := person_find(audit_list.person);
    top bigint := unit_find(audit_list.unit);
    zone text := coalesce(unit_time_zone(person_unit(actor())), 'UTC');
    first_moment timestamptz := date_of(audit_list.from_date, 'from_date')::timestamp
        AT TIME ZONE zone;
    past_moment timestamptz := (date_of(audit_list.to_date, 'to_date') + 1)::timestamp
        AT TIME ZONE zone;
    part text := '%' || regexp_replace(audit_list.object, '([\\%_])', '\\\1', 'g') || '%';
    rows_wanted integer := least(greatest(coalesce(audit_list.page_size, 200), 1), 1000);
BEGIN
    IF audit_list.cursor !~ '^\d{1,18}$' THEN
        PERFORM refuse('bad_cursor', 'cursor');
    END IF;
    RETURN QUERY
    WITH
        page AS MATERIALIZED (
            SELECT a.*
            FROM audit AS a
            WHERE
                (audit_list.cursor IS NULL OR a.id < audit_list.cursor::bigint)
                AND (whose IS NULL OR whose IN (a.actor_id, a.person_id, a.lender_id))
                AND (first_moment IS NULL OR a.at >= first_moment)
                AND (past_moment IS NULL OR a.at < past_moment)
                AND (part IS NULL OR a.object ILIKE part OR a.object_kind ILIKE part)
                AND (
                    audit_list.refused IS NULL
                    OR (a.refusal IS NOT NULL) = audit_list.refused
                )
                AND (
                    top IS NULL
                    OR a.unit_id IN (SELECT r.unit_id FROM reach AS r WHERE r.ancestor_id = top)
                    OR a.person_id IN (SELECT b.person_id FROM people_below(top) AS b)
                )
            ORDER BY a.id DESC
            LIMIT rows_wanted + 1
        )
    SELECT
        p.handle,
        u.path,
        a.object,
        a.at,
        w.handle,
        w.name,
        l.handle,
        a.device,
        a.address,
        a.method,
        a.object_kind,
        a.before::text,
        a.after::text,
        a.refusal,
        to_char(a.at AT TIME ZONE zone, 'YYYY-MM-DD HH24:MI'),
        CASE
            WHEN a.place = rows_wanted AND (SELECT count(*) FROM page) > rows_wanted
            THEN a.id::text
        END
    FROM (SELECT page.*, row_number() OVER (ORDER BY page.id DESC) AS place FROM page) AS a
    LEFT JOIN person AS w ON w.id = a.actor_id
    LEFT JOIN person AS l ON l.id = a.lender_id
    LEFT JOIN person AS p ON p.id = a.person_id
    LEFT JOIN unit AS u ON u.id = a.unit_id
    WHERE a.place <= rows_wanted
    ORDER BY a.id DESC;
END;
$$;
