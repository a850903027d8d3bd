-- MetricService.List: every metric, in the order of tables.
CREATE OR REPLACE FUNCTION metric_list()
RETURNS TABLE (metric text, fact_kind text, is_money boolean)
LANGUAGE sql
STABLE
AS $$
    SELECT m.metric, m.fact_kind, m.is_money FROM metric AS m ORDER BY m.position, m.metric;
$$;
