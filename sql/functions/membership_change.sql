-- Waits for those who hold the memberships (membership_hold), and keeps others from it until the
-- transaction ends. A statement of its own, before facts are looked at: the next one sees them.
CREATE OR REPLACE FUNCTION membership_change()
RETURNS void
LANGUAGE sql
AS $$
    SELECT pg_advisory_xact_lock(7457105);
$$;
