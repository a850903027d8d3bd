-- Whether a fact waits for an approval: nobody declined or approved it, and it is none yet, in
-- whichever office its person was on that day: the setting may have been changed since.
CREATE OR REPLACE FUNCTION fact_waits(pending fact_pending)
RETURNS boolean
LANGUAGE sql
STABLE
AS $$
    SELECT
        pending.declined_at IS NULL
        AND pending.approved_at IS NULL
        AND NOT EXISTS (
            SELECT
            FROM membership AS m
            JOIN fact AS f ON f.office_id = m.office_id AND f.id = pending.id
            WHERE m.person_id = pending.person_id AND f.person_id = pending.person_id
        );
$$;
