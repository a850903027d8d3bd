-- What is right below a unit on a day, in stable order: its units, then the people who belong to
-- the unit itself. Those who are no reps of it are marked.
CREATE OR REPLACE FUNCTION unit_children(unit_id bigint, day date)
RETURNS TABLE (
    unit_id bigint,
    person_id bigint,
    reference text,
    name text,
    is_rep boolean,
    headcount integer,
    place bigint
)
LANGUAGE sql
STABLE
AS $$
    WITH
        child AS (
            SELECT
                u.id AS unit_id,
                NULL::bigint AS person_id,
                u.path AS reference,
                u.name,
                NULL::boolean AS is_rep,
                (
                    SELECT count(*)
                    FROM reach AS r
                    JOIN membership AS m ON m.unit_id = r.unit_id
                    WHERE
                        r.ancestor_id = u.id
                        AND unit_children.day BETWEEN r.from_date AND r.to_date
                        AND unit_children.day BETWEEN m.from_date AND m.to_date
                )::integer AS headcount
            FROM placement AS p
            JOIN unit AS u ON u.id = p.unit_id
            WHERE
                p.parent_id = unit_children.unit_id
                AND unit_children.day BETWEEN p.from_date AND p.to_date
            UNION ALL
            SELECT
                NULL,
                p.id,
                p.handle,
                p.name,
                person_is_rep(p.id, m.unit_id, unit_children.day),
                1
            FROM membership AS m
            JOIN person AS p ON p.id = m.person_id
            WHERE
                m.unit_id = unit_children.unit_id
                AND unit_children.day BETWEEN m.from_date AND m.to_date
        )
    SELECT
        child.*,
        row_number() OVER (ORDER BY child.unit_id IS NULL, child.reference)
    FROM child
    ORDER BY 7;
$$;
