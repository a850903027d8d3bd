-- FactService.Log, second step: keeps the judged facts that are new, in one transaction with what
-- follows from them: customers registered, deals opened and signed, totals moved. One outcome for
-- each fact, in the order of the batch; message holds the parts of a refusal's sentence. actors has
-- who sent each fact, by its position; senders are the requests.
--
-- SECURITY DEFINER: the facts are of many actors. facts_check_rights() holds each against the
-- rights of its own, as the tables' policies would.
CREATE OR REPLACE FUNCTION fact_log_write(
    facts judged_fact_in[],
    actors bigint[],
    dry_run boolean,
    senders fact_sender_in[]
)
RETURNS TABLE (
    id text,
    intake text,
    effective boolean,
    failed_reasons text[],
    field text,
    code text,
    message text,
    local_date text
)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = tiejun, pg_temp
SET plan_cache_mode = force_generic_plan
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    fresh judged_fact_in[];
    named customer_named[];
    added fact[];
    kept uuid[];
BEGIN
    fresh := facts_fresh(fact_log_write.facts);
    IF fact_log_write.dry_run THEN
        kept := ARRAY(SELECT f.id::uuid FROM unnest(fresh) AS f);
    ELSIF fresh IS NOT NULL THEN
        PERFORM membership_hold();
        PERFORM facts_check_places(fresh), facts_check_rights(fresh, fact_log_write.actors);
        named := facts_register(fresh, fact_log_write.actors);
        added := facts_insert(fresh, fact_log_write.actors, named);
        PERFORM deals_follow(added), totals_move(added);
        kept := ARRAY(SELECT f.id FROM unnest(added) AS f);
        PERFORM facts_audit(fact_log_write.facts, fact_log_write.senders, kept);
    END IF;
    RETURN QUERY
    SELECT * FROM facts_outcomes(fact_log_write.facts, coalesce(kept, '{}'));
END;
$$;
