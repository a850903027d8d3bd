-- GoalService.Show: a unit's goals, and under each what is right below the unit today with its goal
-- for the same metric and period, with coverage (2.4) for both. With a range, the goals of just
-- that period, or where a metric has none those of periods that overlap it; without one, those that
-- have not ended.
CREATE OR REPLACE FUNCTION goal_show(unit text, metric text, from_date text, to_date text)
RETURNS TABLE (
    metric text,
    unit text,
    person text,
    name text,
    level integer,
    from_date text,
    to_date text,
    target bigint,
    currency text,
    version integer,
    locked boolean,
    stretch_milli integer,
    children_target bigint,
    coverage_gap bigint,
    share_milli integer
)
LANGUAGE sql
STABLE
AS $$
    WITH
        asked AS MATERIALIZED (
            SELECT
                home.id,
                unit_today(home.id) AS today,
                coalesce(date_of(goal_show.from_date, 'from_date'), unit_today(home.id))
                    AS from_date,
                coalesce(date_of(goal_show.to_date, 'to_date'), 'infinity') AS to_date,
                CASE WHEN goal_show.metric IS NOT NULL THEN (metric_find(goal_show.metric)).metric
                    END AS metric
            FROM unit_or_home(goal_show.unit) AS home (id)
        ),
        overlapping AS (
            SELECT
                g.*,
                bool_or(g.from_date = asked.from_date AND g.to_date = asked.to_date)
                    OVER (PARTITION BY g.metric) AS period_exists,
                g.from_date = asked.from_date AND g.to_date = asked.to_date AS is_period
            FROM asked
            JOIN goal AS g
                ON
                    g.unit_id = asked.id
                    AND g.from_date <= asked.to_date
                    AND g.to_date >= asked.from_date
                    AND g.metric = coalesce(asked.metric, g.metric)
        ),
        whole AS (
            SELECT o.id, o.unit_id, o.metric, o.from_date, o.to_date, o.currency, o.version
            FROM overlapping AS o
            WHERE o.is_period OR NOT o.period_exists
        ),
        child AS MATERIALIZED (
            SELECT c.*
            FROM asked
            CROSS JOIN unit_children(asked.id, asked.today) AS c
        ),
        grandchild AS MATERIALIZED (
            SELECT child.unit_id AS parent_id, c.unit_id, c.person_id
            FROM asked
            CROSS JOIN child
            CROSS JOIN unit_children(child.unit_id, asked.today) AS c
            WHERE child.unit_id IS NOT NULL
        ),
        -- Every level's goals for a whole's metric and period.
        part AS (
            SELECT
                whole.id AS whole_id,
                g.unit_id,
                g.person_id,
                v.target,
                v.version,
                v.locked,
                v.stretch_milli
            FROM whole
            JOIN goal AS g
                ON
                    g.metric = whole.metric
                    AND g.from_date = whole.from_date
                    AND g.to_date = whole.to_date
                    AND g.currency IS NOT DISTINCT FROM whole.currency
            JOIN goal_version AS v ON v.goal_id = g.id AND v.version = g.version
        ),
        below AS (
            SELECT whole.id AS whole_id, child.*, part.target, part.version, part.locked,
                part.stretch_milli
            FROM whole
            CROSS JOIN child
            LEFT JOIN part
                ON
                    part.whole_id = whole.id
                    AND part.unit_id IS NOT DISTINCT FROM child.unit_id
                    AND part.person_id IS NOT DISTINCT FROM child.person_id
        ),
        line AS (
            SELECT
                whole.id AS whole_id,
                0 AS level,
                0::bigint AS place,
                u.path AS unit,
                NULL AS person,
                u.name,
                part.target,
                part.version,
                part.locked,
                part.stretch_milli,
                (SELECT sum(b.target) FROM below AS b WHERE b.whole_id = whole.id)
                    AS children_target
            FROM whole
            JOIN unit AS u ON u.id = whole.unit_id
            JOIN part ON part.whole_id = whole.id AND part.unit_id = whole.unit_id
            UNION ALL
            SELECT
                b.whole_id,
                1,
                b.place,
                CASE WHEN b.unit_id IS NOT NULL THEN b.reference END,
                CASE WHEN b.person_id IS NOT NULL THEN b.reference END,
                b.name,
                b.target,
                b.version,
                b.locked,
                b.stretch_milli,
                (
                    SELECT sum(part.target)
                    FROM grandchild AS c
                    JOIN part
                        ON
                            part.unit_id IS NOT DISTINCT FROM c.unit_id
                            AND part.person_id IS NOT DISTINCT FROM c.person_id
                    WHERE c.parent_id = b.unit_id AND part.whole_id = b.whole_id
                )
            FROM below AS b
            WHERE
                b.target IS NOT NULL
                OR (
                    b.is_rep IS NOT FALSE
                    AND EXISTS (
                        SELECT
                        FROM below AS sibling
                        WHERE sibling.whole_id = b.whole_id AND sibling.target IS NOT NULL
                    )
                )
        )
    SELECT
        whole.metric,
        line.unit,
        line.person,
        line.name,
        line.level,
        whole.from_date::text,
        whole.to_date::text,
        line.target,
        whole.currency,
        line.version,
        line.locked,
        line.stretch_milli,
        line.children_target::bigint,
        (line.children_target - stretched(line.target, line.stretch_milli))::bigint,
        CASE WHEN line.level = 1 THEN
            round(
                line.target * 1000.0 / nullif(stretched(top.target, top.stretch_milli), 0)
            )::integer
        END
    FROM line
    JOIN whole ON whole.id = line.whole_id
    JOIN line AS top ON top.whole_id = line.whole_id AND top.level = 0
    JOIN metric AS m ON m.metric = whole.metric
    ORDER BY
        m.position, whole.metric, whole.from_date, whole.to_date, whole.currency, line.level,
        line.place;
$$;
