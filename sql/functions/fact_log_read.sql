-- FactService.Log, first step: what the database knows of each fact of a batch, in its order: whose
-- it is and by what right, the office and unit of that day (1.2), the settings of its verdict. A
-- fact that is known already is placed as it was kept and never refused: sending again is safe.
-- actors has who sent each fact. ground is the snapshot in which all that was read.
--
-- SECURITY DEFINER: the facts are of many actors. Each is judged by the rights of its own: that one
-- is told of the people, facts and deals that it may write for, and of others nothing.
CREATE OR REPLACE FUNCTION fact_log_read(facts fact_in[], actors bigint[])
RETURNS TABLE (
    "position" integer,
    code text,
    field text,
    arguments text,
    person_id bigint,
    office_id bigint,
    unit_id bigint,
    occurred_at timestamptz,
    local_date text,
    currency text,
    duplicate boolean,
    rule_version integer,
    minimum_visit_minutes integer,
    profile_industries text[],
    pending boolean,
    day_starts timestamptz,
    day_ends timestamptz,
    ground text
)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = tiejun, pg_temp
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    places fact_place[];
BEGIN
    places := facts_place(fact_log_read.facts, fact_log_read.actors);
    RETURN QUERY
    WITH
        verdict AS MATERIALIZED (
            SELECT
                v.position,
                coalesce(v.refusal, late.refusal) AS refusal,
                num_nulls(v.refusal, late.refusal) = 2 AND late.position IS NOT NULL AS pending
            FROM facts_refusals(fact_log_read.facts, places, fact_log_read.actors) AS v
            LEFT JOIN facts_late(fact_log_read.facts, places, fact_log_read.actors) AS late
                ON late.position = v.position
        ),
        again AS MATERIALIZED (
            SELECT d.position FROM facts_duplicates(fact_log_read.facts, places) AS d
        ),
        setting_in_force AS MATERIALIZED (
            SELECT s.*
            FROM facts_settings(
                ARRAY(SELECT p.unit_id FROM unnest(places) AS p WHERE p.unit_id IS NOT NULL),
                ARRAY(SELECT p.local_date FROM unnest(places) AS p WHERE p.unit_id IS NOT NULL)
            ) AS s
        )
    SELECT
        p.position,
        CASE WHEN verdict.pending THEN 'backdated' ELSE verdict.refusal[1] END,
        verdict.refusal[2],
        array_to_string(verdict.refusal[3:], chr(31), ''),
        p.person_id,
        p.office_id,
        p.unit_id,
        p.place_occurred_at,
        p.local_date::text,
        p.place_currency,
        again.position IS NOT NULL,
        s.rule_version,
        s.minimum_visit_minutes,
        s.profile_industries,
        verdict.pending,
        p.day_starts,
        p.day_ends,
        pg_current_snapshot()::text
    FROM unnest(places) AS p
    JOIN verdict ON verdict.position = p.position
    LEFT JOIN again ON again.position = p.position
    LEFT JOIN setting_in_force AS s ON s.unit_id = p.unit_id AND s.day = p.local_date
    ORDER BY p.position;
END;
$$;
