-- NoticeService.List: what its notices list. Their people are named as they are now.
CREATE OR REPLACE FUNCTION notice_list_lines(
    topics text[],
    after bigint,
    page_size integer,
    cursor text
)
RETURNS TABLE (
    place bigint,
    person text,
    person_name text,
    metric text,
    done bigint,
    target bigint,
    reached_milli integer
)
LANGUAGE sql
STABLE
AS $$
    SELECT n.place, p.handle, p.name, l.metric, l.done, l.target, l.reached_milli
    FROM notices_listed($1, $2, notice_page_size($3), $4) WITH ORDINALITY AS n
    CROSS JOIN LATERAL ROWS FROM (
        jsonb_to_recordset(n.detail -> 'lines') AS (
            person_id bigint,
            metric text,
            done bigint,
            target bigint,
            reached_milli integer
        )
    ) WITH ORDINALITY AS l
    LEFT JOIN person AS p ON p.id = l.person_id
    ORDER BY n.ordinality, l.ordinality;
$$;
