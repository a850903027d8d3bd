-- Trigger of the reference tables, once a statement: each row that it changed goes to the audit
-- trail. Its arguments are the columns of the table's key.
CREATE OR REPLACE FUNCTION audit_change()
RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
    key text[] := TG_ARGV;
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM audit_changed(TG_TABLE_NAME, NULL, to_jsonb(n)) FROM new_rows AS n;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM audit_changed(TG_TABLE_NAME, to_jsonb(o), NULL) FROM old_rows AS o;
    ELSE
        PERFORM audit_changed(TG_TABLE_NAME, o.entry, n.entry)
        FROM (SELECT to_jsonb(r) AS entry FROM old_rows AS r) AS o
        JOIN (SELECT to_jsonb(r) AS entry FROM new_rows AS r) AS n
            ON
                ARRAY(SELECT o.entry -> k FROM unnest(key) AS k)
                = ARRAY(SELECT n.entry -> k FROM unnest(key) AS k);
    END IF;
    RETURN NULL;
END;
$$;
