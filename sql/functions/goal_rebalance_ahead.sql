-- GoalService.Rebalance (2.9): the parts of the goal's period that are under way or ahead, for
-- those of the goal and of what is below it whose goals were split along time: who has a goal for
-- each quarter that is left has quarters, and so of months, weeks and days. Parts lie within those
-- of the next longer kind that all who have them have too, 0 where that is the whole period; a part
-- that a longer kind has too counts as that alone.
CREATE OR REPLACE FUNCTION goal_rebalance_ahead(
    unit text,
    metric text,
    from_date text,
    to_date text,
    currency text,
    method text,
    deep boolean,
    reason text,
    dry_run boolean,
    expected_version integer,
    periods integer
)
RETURNS TABLE (
    place integer,
    kind integer,
    number integer,
    within integer,
    label text,
    part_from text,
    part_to text,
    weight bigint,
    locked boolean,
    target_before bigint,
    stretched_before bigint,
    version_before integer,
    done bigint
)
LANGUAGE plpgsql
STABLE
SET plan_cache_mode = auto
AS $$
#variable_conflict use_column
DECLARE
    whole goal := goal_find(
        goal_rebalance_ahead.unit,
        NULL,
        goal_rebalance_ahead.metric,
        goal_rebalance_ahead.from_date,
        goal_rebalance_ahead.to_date,
        goal_rebalance_ahead.currency
    );
    today date := unit_today(whole.unit_id);
    nodes goal_node[] := goal_scope_nodes(
        whole.unit_id, NULL, CASE WHEN goal_rebalance_ahead.deep THEN 100 ELSE 1 END
    );
BEGIN
    PERFORM plan_for(cardinality(nodes));
    RETURN QUERY
    WITH
        part AS MATERIALIZED (
            SELECT
                row_number() OVER (ORDER BY k.kind, p.from_date)::integer AS number,
                k.kind,
                p.label,
                p.from_date,
                p.to_date
            FROM unnest(ARRAY['quarter', 'month', 'week', 'day']) WITH ORDINALITY AS k (name, kind)
            CROSS JOIN LATERAL period_parts(k.name, whole.from_date, whole.to_date) AS p
            WHERE
                p.to_date >= today
                AND (p.from_date, p.to_date) <> (whole.from_date, whole.to_date)
        ),
        -- Periods that anybody has a goal for, so that nobody is asked for every day of a year.
        period AS MATERIALIZED (
            SELECT DISTINCT g.from_date, g.to_date
            FROM goal AS g
            WHERE
                g.metric = whole.metric
                AND g.currency IS NOT DISTINCT FROM whole.currency
                AND g.from_date >= whole.from_date
                AND g.to_date <= whole.to_date
        ),
        held AS MATERIALIZED (
            SELECT n.place, n.parent, h.kind, h.number, h.goal_id, h.version, w.goal_id AS whole_id
            FROM unnest(nodes) AS n
            JOIN goal_of_nodes(
                nodes, whole.metric, whole.from_date, whole.to_date, whole.currency
            ) AS w ON w.place = n.place
            JOIN (
                SELECT
                    o.place,
                    p.kind,
                    p.number,
                    o.goal_id,
                    o.version,
                    count(*) OVER (PARTITION BY o.place, p.kind) AS goals
                FROM part AS p
                JOIN period ON period.from_date = p.from_date AND period.to_date = p.to_date
                CROSS JOIN LATERAL goal_of_nodes(
                    nodes, whole.metric, p.from_date, p.to_date, whole.currency
                ) AS o
            ) AS h ON h.place = n.place
            JOIN (SELECT part.kind, count(*) AS parts FROM part GROUP BY part.kind) AS all_parts
                ON all_parts.kind = h.kind AND all_parts.parts = h.goals
        ),
        kind AS MATERIALIZED (
            SELECT k.kind, max(longer.kind) AS longer
            FROM (SELECT DISTINCT held.kind FROM held) AS k
            LEFT JOIN (SELECT DISTINCT held.kind FROM held) AS longer
                ON
                    longer.kind < k.kind
                    -- Weeks lie in no month.
                    AND NOT (k.kind = 3 AND longer.kind < 3)
                    AND NOT EXISTS (
                        SELECT held.place FROM held WHERE held.kind = k.kind
                        EXCEPT
                        SELECT held.place FROM held WHERE held.kind = longer.kind
                    )
            GROUP BY k.kind
        ),
        cell AS MATERIALIZED (
            SELECT
                h.*,
                p.label,
                greatest(p.from_date, today) AS first_day,
                p.from_date,
                p.to_date,
                coalesce(around.number, 0) AS within,
                row_number() OVER (ORDER BY h.place, h.number)::integer AS ask
            FROM held AS h
            JOIN part AS p ON p.number = h.number
            JOIN kind ON kind.kind = h.kind
            LEFT JOIN part AS around
                ON
                    around.kind = kind.longer
                    AND around.from_date <= p.from_date
                    AND around.to_date >= p.to_date
            WHERE NOT EXISTS (
                SELECT
                FROM part AS same
                WHERE
                    same.kind < p.kind
                    AND same.from_date = p.from_date
                    AND same.to_date = p.to_date
                    AND same.number IN (SELECT held.number FROM held)
            )
        ),
        -- Only those whose parts are no parts of the one's above them are split by weights.
        heavy AS MATERIALIZED (
            SELECT
                c.ask, c.whole_id, c.first_day, c.to_date,
                coalesce(n.unit_id, person_unit(n.person_id)) AS calendar_unit_id
            FROM cell AS c
            JOIN unnest(nodes) AS n ON n.place = c.place
            WHERE NOT EXISTS (
                SELECT FROM cell AS above WHERE above.place = c.parent AND above.kind = c.kind
            )
        ),
        weighed AS MATERIALIZED (
            SELECT w.place AS ask, sum(w.weight * w.days_asked)::bigint AS weight
            FROM goal_ask_weights(
                ARRAY(
                    SELECT
                        ROW(
                            h.ask, h.whole_id, h.calendar_unit_id, h.first_day, h.to_date
                        )::goal_ask
                    FROM heavy AS h
                )
            ) AS w
            GROUP BY w.place
        ),
        worked AS MATERIALIZED (
            SELECT p.number, d.place, d.done
            FROM part AS p
            CROSS JOIN LATERAL goal_done(
                nodes, whole.metric, whole.currency, p.from_date, today - 1, true
            ) AS d
            WHERE p.from_date < today
        )
    SELECT
        c.place,
        c.kind::integer,
        c.number,
        c.within,
        c.label,
        c.from_date::text,
        c.to_date::text,
        coalesce(
            -- Without a working day among them one day is as good as another.
            CASE sum(w.weight) OVER (PARTITION BY c.place, c.kind, c.within)
                WHEN 0 THEN c.to_date - c.first_day + 1
                ELSE w.weight
            END,
            0
        ),
        v.locked,
        v.target,
        v.stretched_target,
        c.version,
        coalesce(d.done, 0)
    FROM cell AS c
    JOIN goal_version AS v ON v.goal_id = c.goal_id AND v.version = c.version
    LEFT JOIN weighed AS w ON w.ask = c.ask
    LEFT JOIN worked AS d ON d.number = c.number AND d.place = c.place
    ORDER BY c.kind, c.within, c.place, c.number;
END;
$$;
