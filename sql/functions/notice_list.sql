-- NoticeService.List: the notices.
CREATE OR REPLACE FUNCTION notice_list(
    topics text[],
    after bigint,
    page_size integer,
    cursor text
)
RETURNS TABLE (
    place bigint,
    topic text,
    made_at timestamptz,
    actor text,
    actor_name text,
    person text,
    person_name text,
    unit text,
    role text,
    metric text,
    from_date text,
    to_date text,
    target_before bigint,
    target bigint,
    currency text,
    reason text,
    title text,
    more integer,
    fact text,
    kind text,
    customer text,
    next_cursor text
)
LANGUAGE sql
STABLE
AS $$
    WITH
        asked AS MATERIALIZED (
            SELECT n.*, row_number() OVER () AS line, count(*) OVER () AS lines
            FROM notices_listed($1, $2, notice_page_size($3) + 1, $4) AS n
        )
    SELECT
        n.place,
        n.topic,
        n.made_at,
        a.handle,
        a.name,
        p.handle,
        p.name,
        u.path,
        d.role,
        d.metric,
        d.from_date,
        d.to_date,
        d.target_before,
        d.target,
        d.currency,
        d.reason,
        d.title,
        d.more,
        d.fact,
        d.kind,
        d.customer,
        CASE WHEN n.lines > notice_page_size($3) THEN n.place::text END
    FROM asked AS n
    CROSS JOIN LATERAL jsonb_to_record(n.detail) AS d (
        role text,
        metric text,
        from_date text,
        to_date text,
        target_before bigint,
        target bigint,
        currency text,
        reason text,
        title text,
        more integer,
        fact text,
        kind text,
        customer text
    )
    LEFT JOIN person AS a ON a.id = n.actor_id
    LEFT JOIN person AS p ON p.id = n.about_id
    LEFT JOIN unit AS u ON u.id = n.unit_id
    WHERE n.line <= notice_page_size($3)
    ORDER BY n.line;
$$;
