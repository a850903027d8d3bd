-- Today in the company's own time zone: by which the paths of moved units change.
CREATE OR REPLACE FUNCTION company_today()
RETURNS date
LANGUAGE sql
STABLE
AS $$
    SELECT (now() AT TIME ZONE u.time_zone)::date
    FROM unit AS u
    WHERE u.kind = 'company';
$$;
