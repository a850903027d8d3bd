-- Trigger of role_grant, once a statement: whoever has a role now hears of it, unless by its own
-- doing.
CREATE OR REPLACE FUNCTION notice_role()
RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
    told notice_in[];
BEGIN
    SELECT
        array_agg(
            (
                n.person_id,
                'role',
                NULL,
                n.lent_by,
                n.unit_id,
                false,
                jsonb_build_object(
                    'role', n.role,
                    'from_date', n.from_date,
                    'to_date', nullif(n.to_date, 'infinity')
                )
            )::notice_in
        )
    INTO told
    FROM new_rows AS n
    WHERE n.person_id <> actor() AND n.to_date >= current_date;
    IF told IS NOT NULL THEN
        PERFORM notices_add(told);
    END IF;
    RETURN NULL;
END;
$$;
