-- Makes reach and today's paths from placement. To be called after each change of the tree.
--
-- SECURITY DEFINER: reach follows from placement alone, and nobody writes it by hand. It tells
-- nothing.
CREATE OR REPLACE FUNCTION org_rebuild()
RETURNS void
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    DELETE FROM reach;

    -- Times in different places are cut at every move on the way up; those that touch and have the
    -- same depth are one.
    WITH RECURSIVE
        upward AS (
            SELECT
                u.id AS ancestor_id,
                u.id AS unit_id,
                0 AS depth,
                u.exists_from AS from_date,
                'infinity'::date AS to_date
            FROM unit AS u
            UNION ALL
            SELECT
                p.parent_id,
                r.unit_id,
                r.depth + 1,
                greatest(r.from_date, p.from_date),
                least(r.to_date, p.to_date)
            FROM upward AS r
            JOIN placement AS p
                ON
                    p.unit_id = r.ancestor_id
                    AND p.from_date <= r.to_date
                    AND p.to_date >= r.from_date
        ),
        merged AS (
            SELECT
                ancestor_id,
                unit_id,
                depth,
                unnest(range_agg(daterange(from_date, to_date, '[]'))) AS days
            FROM upward
            GROUP BY ancestor_id, unit_id, depth
        )
    INSERT INTO reach (ancestor_id, unit_id, depth, from_date, to_date, is_office)
    SELECT
        merged.ancestor_id, merged.unit_id, merged.depth, lower(merged.days),
        upper(merged.days) - 1, u.kind <> 'team'
    FROM merged
    JOIN unit AS u ON u.id = merged.unit_id;

    PERFORM org_rename(), strength_rebuild();
END;
$$;
