-- Adds to the totals what the daemon has worked out. Its rows come in the order of the key:
-- transactions that meet wait for each other one way. An absent currency is none.
CREATE OR REPLACE FUNCTION totals_add(moves total_move_in[])
RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
BEGIN
    INSERT INTO total (
        office_id, scope, scope_id, grain, date, metric, currency, done, effective
    )
    SELECT
        m.office_id, m.scope, m.scope_id, m.grain, m.date, m.metric, coalesce(m.currency, ''),
        m.done, m.effective
    FROM unnest(moves) AS m
    ON CONFLICT (office_id, scope, scope_id, grain, date, metric, currency) DO UPDATE
    SET
        done = total.done + excluded.done,
        effective = total.effective + excluded.effective;
END;
$$;
