-- Until the transaction ends, nobody's membership changes: what is placed by it stays right while
-- it is being kept (domain.md 1.1). Many hold at once; a change waits for them (membership_change).
CREATE OR REPLACE FUNCTION membership_hold()
RETURNS void
LANGUAGE sql
AS $$
    SELECT pg_advisory_xact_lock_shared(7457105);
$$;
