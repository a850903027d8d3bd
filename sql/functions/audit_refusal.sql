-- Keeps that the actor, or whoever had not logged in yet, was refused: what the daemon calls after
-- the refused transaction is gone. object is what the refusal named.
CREATE OR REPLACE FUNCTION audit_refusal(
    address text,
    method text,
    code text,
    field text,
    object text
)
RETURNS void
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM
        set_config('tiejun.address', coalesce(audit_refusal.address, ''), true),
        set_config('tiejun.method', coalesce(audit_refusal.method, ''), true);
    PERFORM
        audit_write(
            nullif(audit_refusal.field, ''),
            left(nullif(replace(audit_refusal.object, chr(31), ', '), ''), 300),
            NULL,
            NULL,
            NULL,
            NULL,
            audit_refusal.code
        );
END;
$$;
