-- A goal's own unit or person as node 0, and what is below the unit today, so many levels deep.
CREATE OR REPLACE FUNCTION goal_scope_nodes(unit_id bigint, person_id bigint, levels integer)
RETURNS goal_node[]
LANGUAGE sql
STABLE
AS $$
    SELECT
        array_agg(
            ROW(
                n.place, n.parent, n.level, n.unit_id, n.person_id, n.reference, n.name, n.is_rep
            )::goal_node
            ORDER BY n.place
        )
    FROM (
        SELECT
            0 AS place,
            NULL::integer AS parent,
            0 AS level,
            goal_scope_nodes.unit_id,
            goal_scope_nodes.person_id,
            coalesce(
                (SELECT u.path FROM unit AS u WHERE u.id = goal_scope_nodes.unit_id),
                (SELECT p.handle FROM person AS p WHERE p.id = goal_scope_nodes.person_id)
            ) AS reference,
            coalesce(
                (SELECT u.name FROM unit AS u WHERE u.id = goal_scope_nodes.unit_id),
                (SELECT p.name FROM person AS p WHERE p.id = goal_scope_nodes.person_id)
            ) AS name,
            NULL::boolean AS is_rep
        UNION ALL
        SELECT
            n.place, coalesce(n.parent, 0), n.level, n.unit_id, n.person_id, n.reference, n.name,
            n.is_rep
        FROM goal_nodes(
            goal_scope_nodes.unit_id,
            unit_today(goal_scope_nodes.unit_id),
            goal_scope_nodes.levels
        ) AS n
        WHERE goal_scope_nodes.levels > 0
    ) AS n;
$$;
