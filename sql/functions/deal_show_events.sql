-- DealService.Show: its steps, the first one first.
CREATE OR REPLACE FUNCTION deal_show_events(deal text)
RETURNS TABLE (
    at timestamptz,
    local_date text,
    step text,
    from_grade text,
    to_grade text,
    actor text,
    evidence text,
    fact text
)
LANGUAGE sql
STABLE
AS $$
    SELECT
        e.at,
        e.local_date::text,
        e.step,
        e.from_grade,
        e.to_grade,
        p.handle,
        e.evidence,
        e.fact_id::text
    FROM deal_find(deal_show_events.deal) AS d
    JOIN deal_event AS e ON e.office_id = d.office_id AND e.deal_id = d.id
    JOIN person AS p ON p.id = e.actor_id
    ORDER BY e.local_date, e.id;
$$;
