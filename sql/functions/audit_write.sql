-- Adds one row to the audit trail, of what the actor of the transaction has done or was refused.
CREATE OR REPLACE FUNCTION audit_write(
    object_kind text,
    object text,
    person_id bigint,
    unit_id bigint,
    before jsonb,
    after jsonb,
    refusal text DEFAULT NULL
)
RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_variable
BEGIN
    INSERT INTO audit (
        actor_id, lender_id, device, address, method, object_kind, object, person_id, unit_id,
        before, after, refusal
    )
    VALUES (
        actor(),
        actor_lender(actor(), coalesce(audit_write.unit_id, person_unit(audit_write.person_id))),
        nullif(current_setting('tiejun.device', true), ''),
        nullif(current_setting('tiejun.address', true), ''),
        nullif(current_setting('tiejun.method', true), ''),
        audit_write.object_kind,
        audit_write.object,
        audit_write.person_id,
        audit_write.unit_id,
        audit_write.before,
        audit_write.after,
        audit_write.refusal
    );
END;
$$;
