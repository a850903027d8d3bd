-- Trigger of goal_version, once a statement: each new version of a goal goes to the audit trail,
-- beside the one before it (domain.md 2.2).
CREATE OR REPLACE FUNCTION audit_goal()
RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM
        audit_write(
            'goal',
            concat_ws(
                ' ', coalesce(u.path, p.handle), g.metric, g.currency,
                g.from_date || '..' || g.to_date
            ),
            g.person_id,
            g.unit_id,
            audit_shown(to_jsonb(last)),
            audit_shown(to_jsonb(n))
        )
    FROM new_rows AS n
    JOIN goal AS g ON g.id = n.goal_id
    LEFT JOIN goal_version AS last ON last.goal_id = n.goal_id AND last.version = n.version - 1
    LEFT JOIN unit AS u ON u.id = g.unit_id
    LEFT JOIN person AS p ON p.id = g.person_id;
    RETURN NULL;
END;
$$;
