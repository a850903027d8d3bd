-- For the scopes of a chain: the effective visits of a range, the 95th percentile of effective
-- visits over the days on which a rep did anything, and how many such days there were (domain.md
-- 2.7). The days are counted for the scope itself, slot 0, and for a person's team.
--
-- SECURITY DEFINER: as conversion_counts(). It tells sums and a percentile alone.
CREATE OR REPLACE FUNCTION conversion_work(
    scopes report_slot[],
    from_date date,
    to_date date
)
RETURNS TABLE (slot integer, visits bigint, day_visits bigint, days bigint)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = tiejun, pg_temp
SET jit = off
ROWS 10
AS $$
    WITH
        asked AS MATERIALIZED (
            SELECT s.*
            FROM unnest(conversion_work.scopes) AS s
        ),
        work AS (
            SELECT w.slot, w.effective
            FROM report_work(
                conversion_work.scopes, ARRAY['visits'], false, conversion_work.to_date
            ) AS w
        ),
        day_done AS (
            SELECT
                m.slot,
                t.scope_id,
                t.date,
                coalesce(sum(t.effective) FILTER (WHERE t.metric = 'visits'), 0) AS visits
            FROM report_members(
                ARRAY(
                    SELECT s
                    FROM unnest(conversion_work.scopes) AS s
                    WHERE
                        s.slot = 0
                        OR (s.slot = 1 AND (conversion_work.scopes)[1].person_id IS NOT NULL)
                ),
                false,
                conversion_work.to_date
            ) AS m
            JOIN total AS t
                ON
                    t.office_id = m.office_id
                    AND t.scope = 'p'
                    AND t.scope_id = m.person_id
                    AND t.grain = 'd'
                    AND t.date BETWEEN m.from_date AND m.to_date
            GROUP BY m.slot, t.scope_id, t.date
            HAVING sum(t.done) > 0
        ),
        busy AS (
            SELECT
                d.slot,
                percentile_disc(0.95) WITHIN GROUP (ORDER BY d.visits)::bigint AS day_visits,
                count(*) AS days
            FROM day_done AS d
            GROUP BY d.slot
        )
    SELECT asked.slot, coalesce(work.effective, 0), busy.day_visits, coalesce(busy.days, 0)
    FROM asked
    LEFT JOIN work ON work.slot = asked.slot
    LEFT JOIN busy ON busy.slot = asked.slot;
$$;
