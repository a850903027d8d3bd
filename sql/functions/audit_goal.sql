-- Trigger of goal_version, once a statement: each new version of a goal goes to the audit trail,
-- beside the one before it (domain.md 2.2), as audit_write() and audit_shown() have it. Thousands
-- come with one split, and are written at once.
CREATE OR REPLACE FUNCTION audit_goal()
RETURNS trigger
LANGUAGE plpgsql
-- The plan is kept from when there were few goals, all of which it would read for each.
SET enable_seqscan = off
AS $$
DECLARE
    -- Nobody acts for anybody else, but for few.
    lent boolean := EXISTS (
        SELECT FROM role_grant AS r WHERE r.person_id = actor() AND r.lent_by IS NOT NULL
    );
    untold text[] := '{goal_id,actor_id,made_at}';
BEGIN
    INSERT INTO audit (
        actor_id, lender_id, device, address, method, object_kind, object, person_id, unit_id,
        before, after
    )
    SELECT
        actor(),
        CASE
            WHEN lent
            THEN actor_lender(actor(), coalesce(g.unit_id, person_unit(g.person_id)))
        END,
        nullif(current_setting('tiejun.device', true), ''),
        nullif(current_setting('tiejun.address', true), ''),
        nullif(current_setting('tiejun.method', true), ''),
        'goal',
        concat_ws(
            ' ', coalesce(u.path, p.handle), g.metric, g.currency,
            g.from_date || '..' || g.to_date
        ),
        g.person_id,
        g.unit_id,
        jsonb_strip_nulls(to_jsonb(last) - untold),
        jsonb_strip_nulls(to_jsonb(n) - untold)
    FROM new_rows AS n
    JOIN goal AS g ON g.id = n.goal_id
    LEFT JOIN goal_version AS last ON last.goal_id = n.goal_id AND last.version = n.version - 1
    LEFT JOIN unit AS u ON u.id = g.unit_id
    LEFT JOIN person AS p ON p.id = g.person_id;
    RETURN NULL;
END;
$$;
