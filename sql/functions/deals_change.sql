-- Each deal of a batch that is not refused, as it is and as the batch wants it. What the batch
-- leaves out stays as it is. A lost deal is not opened again and a signed one not regraded: an
-- export that is behind says so again and again.
CREATE OR REPLACE FUNCTION deals_change(
    deals deal_in[],
    places deal_place[],
    named customer_named[]
)
RETURNS deal_change[]
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    changes deal_change[];
BEGIN
    WITH
        sent AS MATERIALIZED (
            SELECT
                s.*,
                p.position,
                p.deal_id,
                p.office_id,
                p.unit_id,
                p.person_id,
                p.today,
                p.currency AS currency_used,
                named.office_id AS customer_office_id,
                named.customer_id
            FROM unnest(deals_change.deals) WITH ORDINALITY AS s
            JOIN unnest(deals_change.places) AS p
                ON p.position = s.ordinality AND p.refusal IS NULL
            LEFT JOIN unnest(deals_change.named) AS named ON named.spelled = s.customer
        ),
        compared AS (
            SELECT
                s.*,
                d.d AS existing,
                CASE
                    WHEN (d.d).state IN ('signed', 'lost') THEN (d.d).state
                    WHEN s.state = 'lost' THEN 'lost'
                    ELSE 'open'
                END AS state_wanted
            FROM sent AS s
            -- By the key, one by one: LIMIT keeps it from reading the whole table for one batch.
            LEFT JOIN LATERAL (SELECT k FROM deal AS k WHERE k.id = s.deal_id LIMIT 1) AS d (d)
                ON true
        )
    SELECT
        array_agg(
            ROW(
                c.position,
                c.existing,
                ROW(
                    c.office_id,
                    c.deal_id,
                    coalesce((c.existing).customer_office_id, c.customer_office_id),
                    coalesce((c.existing).customer_id, c.customer_id),
                    c.person_id,
                    c.unit_id,
                    coalesce(c.product, (c.existing).product),
                    CASE
                        WHEN (c.existing).state IN ('signed', 'lost') THEN (c.existing).grade
                        ELSE coalesce(c.grade, (c.existing).grade, 'c')
                    END,
                    c.state_wanted,
                    coalesce((c.existing).opened_on, c.opened_on::date, c.today),
                    coalesce(c.expected_close::date, (c.existing).expected_close),
                    CASE
                        WHEN c.state_wanted = 'open' THEN NULL
                        WHEN (c.existing).state = 'signed' THEN (c.existing).closed_on
                        ELSE coalesce(c.closed_on::date, (c.existing).closed_on, c.today)
                    END,
                    CASE
                        WHEN (c.existing).state = 'signed' THEN (c.existing).value_minor
                        ELSE coalesce(c.value_minor, (c.existing).value_minor)
                    END,
                    CASE
                        WHEN (c.existing).state = 'signed' THEN (c.existing).currency
                        ELSE coalesce(c.currency, (c.existing).currency, c.currency_used)
                    END,
                    CASE
                        WHEN c.state_wanted = 'lost'
                        THEN coalesce(c.lost_reason, (c.existing).lost_reason)
                    END,
                    coalesce(c.external_ref, (c.existing).external_ref)
                )::deal
            )::deal_change
            ORDER BY c.position
        )
    INTO changes
    FROM compared AS c;
    RETURN changes;
END;
$$;
