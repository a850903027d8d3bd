-- CompetitorService.Report: the sightings by group and competitor. Of several sightings at one deal
-- the last one says how it ended.
CREATE OR REPLACE FUNCTION competitor_report_rows(
    unit text,
    person text,
    from_date text,
    to_date text,
    competitor_name text,
    group_by text
)
RETURNS TABLE (
    "group" text,
    name text,
    competitor text,
    sightings bigint,
    deals bigint,
    won bigint,
    lost bigint,
    open bigint,
    prices bigint,
    price_ratio_milli bigint,
    last_date text
)
LANGUAGE plpgsql
STABLE
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    whole report_slot := led_scope(
        competitor_report_rows.unit,
        competitor_report_rows.person,
        competitor_report_rows.from_date,
        competitor_report_rows.to_date
    );
    slots report_slot[] := report_slots(whole, competitor_report_rows.group_by, false);
    wanted text := name_key(competitor_report_rows.competitor_name);
BEGIN
    RETURN QUERY
    WITH
        seen AS MATERIALIZED (
            SELECT s.*
            FROM competitor_sightings(
                CASE
                    WHEN competitor_report_rows.group_by IS NULL THEN ARRAY[whole]
                    ELSE slots[2:]
                END
            ) AS s
            WHERE wanted IS NULL OR s.competitor_key = wanted
        ),
        spelled AS (
            SELECT s.competitor_key, mode() WITHIN GROUP (ORDER BY s.competitor) AS competitor
            FROM seen AS s
            GROUP BY s.competitor_key
        ),
        ended AS (
            SELECT e.slot, e.competitor_key, e.outcome
            FROM (
                SELECT DISTINCT ON (s.slot, s.competitor_key, s.place) s.*
                FROM seen AS s
                ORDER BY s.slot, s.competitor_key, s.place, s.outcome = 'open', s.occurred_at DESC
            ) AS e
        ),
        ends AS (
            SELECT
                e.slot,
                e.competitor_key,
                count(*) AS deals,
                count(*) FILTER (WHERE e.outcome = 'won') AS won,
                count(*) FILTER (WHERE e.outcome = 'lost') AS lost,
                count(*) FILTER (WHERE e.outcome = 'open') AS open
            FROM ended AS e
            GROUP BY e.slot, e.competitor_key
        ),
        line AS (
            SELECT
                s.slot,
                s.competitor_key,
                count(*) AS sightings,
                count(s.price_milli) AS prices,
                percentile_disc(0.5) WITHIN GROUP (ORDER BY s.price_milli) AS price_ratio_milli,
                max(s.local_date) AS last_date
            FROM seen AS s
            GROUP BY s.slot, s.competitor_key
        )
    SELECT
        CASE WHEN slot.slot > 0 THEN slot.label END,
        CASE WHEN slot.slot > 0 THEN slot.name END,
        spelled.competitor,
        line.sightings,
        ends.deals,
        ends.won,
        ends.lost,
        ends.open,
        line.prices,
        line.price_ratio_milli,
        line.last_date::text
    FROM line
    JOIN unnest(slots) AS slot ON slot.slot = line.slot
    JOIN spelled ON spelled.competitor_key = line.competitor_key
    JOIN ends ON ends.slot = line.slot AND ends.competitor_key = line.competitor_key
    ORDER BY line.slot, line.sightings DESC, spelled.competitor;
END;
$$;
