-- A table's row as the audit trail keeps it: people and units by the names that they have now,
-- without keys, secrets and what follows from the rest.
CREATE OR REPLACE FUNCTION audit_shown(entry jsonb)
RETURNS jsonb
LANGUAGE sql
STABLE
AS $$
    SELECT
        jsonb_strip_nulls(
            entry
            - '{id,person_id,unit_id,parent_id,office_id,goal_id,actor_id,owner_id,lent_by}'::text[]
            - '{path,made_at,token_hash,seen_at,seen_from,verifier,code_hash,made_by}'::text[]
            || jsonb_build_object(
                'parent',
                (SELECT u.path FROM unit AS u WHERE u.id = (entry ->> 'parent_id')::bigint),
                'lent_by',
                (SELECT p.handle FROM person AS p WHERE p.id = (entry ->> 'lent_by')::bigint),
                'owner',
                (SELECT p.handle FROM person AS p WHERE p.id = (entry ->> 'owner_id')::bigint)
            )
        );
$$;
