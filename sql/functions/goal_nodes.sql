-- What is below a unit on a day, so many levels deep, in stable order (see goal_node). People who
-- lead the very unit are marked as no reps of it.
CREATE OR REPLACE FUNCTION goal_nodes(unit_id bigint, day date, levels integer)
RETURNS SETOF goal_node
LANGUAGE sql
STABLE
AS $$
    WITH
        below AS MATERIALIZED (
            SELECT b.below_id AS unit_id, b.depth, b.parent_id, u.path, u.name
            FROM units_below(goal_nodes.unit_id, goal_nodes.day, goal_nodes.levels) AS b
            JOIN unit AS u ON u.id = b.below_id
        ),
        node AS (
            SELECT
                b.depth AS level,
                b.parent_id,
                parent.path AS parent_path,
                b.unit_id,
                NULL::bigint AS person_id,
                b.path AS reference,
                b.name,
                NULL::boolean AS is_rep
            FROM below AS b
            JOIN unit AS parent ON parent.id = b.parent_id
            WHERE b.depth > 0
            UNION ALL
            SELECT
                b.depth + 1,
                b.unit_id,
                b.path,
                NULL,
                p.id,
                p.handle,
                p.name,
                person_is_rep(p.id, m.unit_id, goal_nodes.day)
            FROM below AS b
            JOIN membership AS m
                ON
                    m.unit_id = b.unit_id
                    AND goal_nodes.day BETWEEN m.from_date AND m.to_date
            JOIN person AS p ON p.id = m.person_id
            WHERE b.depth < goal_nodes.levels
        ),
        placed AS MATERIALIZED (
            SELECT
                node.*,
                row_number() OVER (
                    ORDER BY node.level, node.parent_path, node.unit_id IS NULL, node.reference
                )::integer AS place
            FROM node
        )
    SELECT
        n.place, parent.place, n.level, n.unit_id, n.person_id, n.reference, n.name, n.is_rep
    FROM placed AS n
    LEFT JOIN placed AS parent ON parent.unit_id = n.parent_id
    ORDER BY n.place;
$$;
