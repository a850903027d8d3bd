-- How many notices NoticeService.List gives at once.
CREATE OR REPLACE FUNCTION notice_page_size(page_size integer)
RETURNS integer
LANGUAGE sql
IMMUTABLE
AS $$
    SELECT least(greatest(coalesce($1, 50), 1), 200);
$$;
