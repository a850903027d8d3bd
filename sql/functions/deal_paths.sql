-- The way of each deal that was not over before a range, as far as it had come at the range's end:
-- the day on which it first was B or better, A or better, and signed, or when it was lost. A deal
-- that leaves out a grade counts as having passed it (domain.md 3.6). Small enough for the planner
-- to write it out where it is used.
CREATE OR REPLACE FUNCTION deal_paths(from_date date, to_date date)
RETURNS TABLE (
    person_id bigint,
    unit_id bigint,
    opened_on date,
    b_on date,
    a_on date,
    signed_on date,
    lost_on date,
    currency text,
    value_minor bigint
)
LANGUAGE sql
STABLE
AS $$
    SELECT
        d.person_id,
        d.unit_id,
        d.opened_on,
        -- least() passes over NULL.
        least(e.b_on, e.a_on, CASE WHEN d.state = 'signed' THEN closed.day END),
        least(e.a_on, CASE WHEN d.state = 'signed' THEN closed.day END),
        CASE WHEN d.state = 'signed' THEN closed.day END,
        CASE WHEN d.state = 'lost' THEN closed.day END,
        d.currency,
        d.value_minor
    FROM deal AS d
    CROSS JOIN LATERAL (
        SELECT CASE WHEN d.closed_on <= deal_paths.to_date THEN d.closed_on END AS day
    ) AS closed
    CROSS JOIN LATERAL (
        SELECT
            min(s.local_date) FILTER (WHERE s.to_grade = 'b') AS b_on,
            min(s.local_date) FILTER (WHERE s.to_grade = 'a') AS a_on
        FROM deal_event AS s
        WHERE
            s.office_id = d.office_id
            AND s.deal_id = d.id
            AND s.local_date <= deal_paths.to_date
            AND s.to_grade IN ('a', 'b')
    ) AS e
    WHERE
        d.opened_on <= deal_paths.to_date
        AND (d.closed_on IS NULL OR d.closed_on >= deal_paths.from_date);
$$;
