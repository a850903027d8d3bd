-- FactService.Log, second step: keeps the judged facts that are new, in one transaction with what
-- follows from them: customers registered, deals opened and signed, totals moved. One outcome for
-- each fact, in the order of the batch; message holds the parts of a refusal's sentence. actors has
-- who sent each fact, by its position; senders are the requests. ground is the snapshot since which
-- nothing may have changed of what facts are judged by; without one, they were read just now.
--
-- SECURITY DEFINER: the facts are of many actors. facts_check_rights() holds each against the
-- rights of its own, as the tables' policies would.
CREATE OR REPLACE FUNCTION fact_log_write(
    facts judged_fact_in[],
    actors bigint[],
    dry_run boolean,
    senders fact_sender_in[],
    ground text,
    totals total_move_in[]
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
    links fact_link[];
    usual boolean;
    kept fact_kept[];
    own boolean;
BEGIN
    IF fact_log_write.dry_run THEN
        RETURN QUERY
        SELECT o.*
        FROM facts_outcomes(
            fact_log_write.facts,
            ARRAY(SELECT f.id::uuid FROM unnest(facts_fresh(fact_log_write.facts)) AS f)
        ) AS o;
        RETURN;
    END IF;
    PERFORM membership_hold();
    IF fact_log_write.ground IS NOT NULL THEN
        PERFORM ground_check(fact_log_write.ground::pg_snapshot);
    END IF;
    SELECT l.links, l.usual INTO links, usual
    FROM facts_link(fact_log_write.facts, fact_log_write.actors) AS l;
    kept := facts_insert(fact_log_write.facts, links, fact_log_write.actors);
    IF kept IS NOT NULL THEN
        own := facts_check(kept);
        IF NOT usual THEN
            PERFORM deals_follow(kept);
        END IF;
        IF
            cardinality(fact_log_write.totals) > 0
            AND cardinality(kept) = cardinality(fact_log_write.facts)
        THEN
            PERFORM totals_add(fact_log_write.totals);
        ELSE
            PERFORM totals_move(kept);
        END IF;
        PERFORM facts_audit(
            CASE
                WHEN cardinality(kept) = cardinality(links) THEN links
                ELSE facts_links_kept(links, kept)
            END,
            fact_log_write.senders
        );
        IF NOT own THEN
            PERFORM facts_approve(kept), notice_facts(kept);
        END IF;
    END IF;
    -- What nearly all are.
    IF cardinality(kept) = cardinality(fact_log_write.facts) THEN
        RETURN QUERY
        SELECT
            f.id, 'accepted', f.effective, coalesce(f.failed_reasons, '{}'), NULL, NULL, NULL,
            f.local_date
        FROM unnest(fact_log_write.facts) AS f;
        RETURN;
    END IF;
    PERFORM facts_pend(fact_log_write.facts, fact_log_write.actors);
    RETURN QUERY
    SELECT o.*
    FROM facts_outcomes(
        fact_log_write.facts, ARRAY(SELECT k.id FROM unnest(kept) AS k)
    ) AS o;
END;
$$;
