-- DealService.Record: brings deals in with their state, or up to date by their id, each step an
-- event (3.5). One outcome for each deal in the order sent; message holds the parts of a refusal's
-- sentence.
CREATE OR REPLACE FUNCTION deal_record(deals deal_in[], dry_run boolean)
RETURNS TABLE (line integer, change text, field text, code text, message text)
LANGUAGE plpgsql
SET plan_cache_mode = auto
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    places deal_place[];
    named customer_named[];
    changes deal_change[];
BEGIN
    PERFORM membership_hold();
    PERFORM plan_for(cardinality(deal_record.deals));
    places := deals_place(deal_record.deals);
    named := customers_named(ARRAY(SELECT d.customer FROM unnest(deal_record.deals) AS d));
    IF NOT coalesce(deal_record.dry_run, false) THEN
        named := deals_register(deal_record.deals, places, named);
    END IF;
    changes := deals_change(deal_record.deals, places, named);
    IF NOT coalesce(deal_record.dry_run, false) THEN
        PERFORM deals_open(array_agg(c.wanted), NULL, NULL)
        FROM unnest(changes) AS c
        WHERE (c.existing).id IS NULL
        HAVING count(*) > 0;
        PERFORM deals_update(changes);
        PERFORM
            audit_write(
                'deal',
                NULL,
                places[1].person_id,
                places[1].unit_id,
                NULL,
                audit_counts(
                    ARRAY(
                        SELECT (c.wanted).id
                        FROM unnest(changes) AS c
                        WHERE c.existing IS DISTINCT FROM c.wanted
                    ),
                    ARRAY(SELECT p.refusal[1] FROM unnest(places) AS p)
                )
            );
    END IF;
    RETURN QUERY
    SELECT
        s.line,
        CASE
            WHEN p.refusal IS NOT NULL THEN 'refused'
            WHEN (c.existing).id IS NULL THEN 'added'
            WHEN c.existing IS DISTINCT FROM c.wanted THEN 'updated'
            ELSE 'known'
        END,
        p.refusal[2],
        p.refusal[1],
        array_to_string(p.refusal[3:], chr(31), '')
    FROM unnest(deal_record.deals) WITH ORDINALITY AS s
    JOIN unnest(places) AS p ON p.position = s.ordinality
    LEFT JOIN unnest(changes) AS c ON c.position = s.ordinality
    ORDER BY s.ordinality;
END;
$$;
