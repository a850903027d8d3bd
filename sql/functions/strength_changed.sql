-- Trigger of membership and role_grant: whose rows change.
CREATE OR REPLACE FUNCTION strength_changed()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = tiejun, pg_temp
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM strength_keep(ARRAY(SELECT DISTINCT n.person_id FROM new_rows AS n));
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM strength_keep(ARRAY(SELECT DISTINCT o.person_id FROM old_rows AS o));
    ELSE
        PERFORM strength_keep(
            ARRAY(
                SELECT n.person_id FROM new_rows AS n
                UNION
                SELECT o.person_id FROM old_rows AS o
            )
        );
    END IF;
    RETURN NULL;
END;
$$;
