-- The new-customer facts that are none (3.2): another one registered the name, phone or
-- registration number, or it was registered before that day, or a new-customer fact on it stands
-- already, here or earlier in the batch.
--
-- SECURITY DEFINER: the earlier one may be another's. It tells only that there is one, as rule 3.7
-- has it.
CREATE OR REPLACE FUNCTION facts_duplicates(facts fact_in[], places fact_place[])
RETURNS TABLE ("position" integer)
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = tiejun, pg_temp
ROWS 10
AS $$
#variable_conflict use_column
BEGIN
    IF NOT EXISTS (SELECT FROM unnest(facts) AS f WHERE f.kind = 'new_customer') THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH
        sent AS MATERIALIZED (
            SELECT
                p.position,
                p.fact_id,
                p.person_id,
                p.local_date,
                name_key(f.customer) AS name_key,
                f.phone,
                f.registration_number,
                row_number() OVER (ORDER BY p.position) AS n
            FROM unnest(facts_duplicates.facts) WITH ORDINALITY AS f
            JOIN unnest(facts_duplicates.places) AS p ON p.position = f.ordinality
            WHERE f.kind = 'new_customer' AND NOT p.known
        ),
        registered AS MATERIALIZED (
            SELECT k.*
            FROM customers_known(
                ARRAY(SELECT sent.name_key FROM sent ORDER BY sent.n),
                ARRAY(SELECT sent.phone FROM sent ORDER BY sent.n),
                ARRAY(SELECT sent.registration_number FROM sent ORDER BY sent.n)
            ) AS k
        ),
        first_sent AS (
            SELECT
                sent.*,
                first_value(sent.fact_id)
                    OVER (PARTITION BY sent.name_key ORDER BY sent.n) AS first_id
            FROM sent
        )
    SELECT s.position
    FROM first_sent AS s
    LEFT JOIN registered AS r ON r.position = s.n
    WHERE
        s.first_id <> s.fact_id
        OR r.owner_id <> s.person_id
        OR r.registered_on < s.local_date
        -- OFFSET: looked up for each customer, not by reading all facts for one batch.
        OR EXISTS (
            SELECT
            FROM fact AS earlier
            WHERE
                earlier.customer_id = r.customer_id
                AND earlier.kind = 'new_customer'
                AND NOT EXISTS (
                    SELECT
                    FROM fact AS w
                    WHERE w.office_id = earlier.office_id AND w.voids = earlier.id
                )
            OFFSET 0
        );
END;
$$;
