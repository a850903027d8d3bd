-- PaceService.Show: of revenue, what became of the deals of each slot and of all above it, by which
-- its open deals are valued (domain.md 4.7).
CREATE OR REPLACE FUNCTION pace_history(
    unit text,
    person text,
    from_date text,
    to_date text,
    metric text,
    as_of text,
    in_currency text
)
RETURNS TABLE (
    slot integer,
    scope text,
    c_won bigint,
    c_lost bigint,
    b_won bigint,
    b_lost bigint,
    a_won bigint,
    a_lost bigint,
    c_days integer,
    b_days integer,
    a_days integer
)
LANGUAGE plpgsql
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    whole report_slot := scope_in_currency(
        led_scope(
            pace_history.unit, pace_history.person, pace_history.from_date, pace_history.to_date
        ),
        pace_history.in_currency,
        false
    );
    day date := day_asked(whole, pace_history.as_of);
BEGIN
    IF coalesce(pace_history.metric, 'revenue') <> 'revenue' THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH
        chain AS MATERIALIZED (SELECT c.* FROM scope_chain(pace_slots(whole), day) AS c),
        counts AS MATERIALIZED (
            SELECT n.*
            FROM conversion_counts(
                ARRAY(SELECT DISTINCT c.unit_id FROM chain AS c WHERE c.unit_id IS NOT NULL),
                ARRAY(SELECT DISTINCT c.person_id FROM chain AS c WHERE c.person_id IS NOT NULL),
                whole.currency,
                conversion_from(whole.calendar_unit_id, day),
                day
            ) AS n
        )
    SELECT
        c.slot,
        c.label,
        coalesce(n.c_won, 0),
        coalesce(n.c_lost, 0),
        coalesce(n.b_won, 0),
        coalesce(n.b_lost, 0),
        coalesce(n.a_won, 0),
        coalesce(n.a_lost, 0),
        n.c_days,
        n.b_days,
        n.a_days
    FROM chain AS c
    LEFT JOIN counts AS n
        ON n.unit_id IS NOT DISTINCT FROM c.unit_id AND n.person_id IS NOT DISTINCT FROM c.person_id
    ORDER BY c.slot, c.step;
END;
$$;
