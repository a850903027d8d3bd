-- What goals ask for on the days asked about: the sum of their day targets, which GoalService.Phase
-- lays on each day alone. Days whose remainders are alike are served together, the earlier first.
CREATE OR REPLACE FUNCTION goal_ask_targets(asks goal_ask[])
RETURNS TABLE (place integer, target bigint)
LANGUAGE plpgsql
STABLE
ROWS 100
AS $$
#variable_conflict use_column
BEGIN
    -- Mostly there is nothing to ask.
    IF cardinality(goal_ask_targets.asks) = 0 THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH
        quota AS (
            SELECT
                w.*,
                div(w.target * w.weight::numeric, w.total) AS whole,
                mod(w.target * w.weight::numeric, w.total) AS remainder
            FROM (
                SELECT
                    o.*, sum(o.weight * o.days) OVER (PARTITION BY o.place, o.frame_from) AS total
                FROM goal_ask_weights(goal_ask_targets.asks) AS o
            ) AS w
        ),
        alike AS (
            SELECT
                q.place,
                q.frame_from,
                q.target,
                q.remainder,
                sum(q.days) AS days,
                sum(q.days_before) AS days_before,
                sum(q.days_asked) AS days_asked,
                sum(q.whole * q.days) AS given,
                sum(q.whole * q.days_asked) AS asked
            FROM quota AS q
            GROUP BY q.place, q.frame_from, q.target, q.remainder
        ),
        served AS (
            SELECT
                a.*,
                a.target
                - sum(a.given) OVER (PARTITION BY a.place, a.frame_from)
                - sum(a.days) OVER (
                    PARTITION BY a.place, a.frame_from ORDER BY a.remainder DESC
                )
                + a.days AS left_over
            FROM alike AS a
        )
    SELECT
        s.place,
        sum(
            s.asked
            + least(greatest(s.left_over, 0), s.days_before + s.days_asked)
            - least(greatest(s.left_over, 0), s.days_before)
        )::bigint
    FROM served AS s
    GROUP BY s.place;
END;
$$;
