-- Units with a calendar or standards of their own, but for the company: all of them have that.
CREATE OR REPLACE FUNCTION units_with_own()
RETURNS TABLE (unit_id bigint)
LANGUAGE sql
STABLE
ROWS 10
AS $$
    SELECT had.unit_id
    FROM (
        SELECT w.unit_id FROM working_week AS w
        UNION
        SELECT e.unit_id FROM calendar_exception AS e
        UNION
        SELECT s.unit_id FROM standard AS s
    ) AS had (unit_id)
    JOIN unit AS u ON u.id = had.unit_id
    WHERE u.kind <> 'company';
$$;
