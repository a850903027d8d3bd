-- The actor's notices that NoticeService.List asks for, and one more than a page has room for. In
-- order behind a place, else newest first before the cursor's.
CREATE OR REPLACE FUNCTION notices_listed(
    topics text[],
    after bigint,
    rows_wanted integer,
    cursor text
)
RETURNS SETOF notice
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
BEGIN
    IF notices_listed.cursor !~ '^\d{1,18}$' THEN
        PERFORM refuse('bad_cursor', 'cursor');
    END IF;
    RETURN QUERY
    SELECT n.*
    FROM notice AS n
    WHERE
        n.person_id = actor()
        AND n.place > coalesce(notices_listed.after, 0)
        AND (notices_listed.cursor IS NULL OR n.place < notices_listed.cursor::bigint)
        AND (
            coalesce(cardinality(notices_listed.topics), 0) = 0
            OR n.topic = ANY (notices_listed.topics)
        )
    ORDER BY CASE WHEN notices_listed.after IS NULL THEN -n.place ELSE n.place END
    LIMIT notices_listed.rows_wanted;
END;
$$;
