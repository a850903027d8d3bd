-- What conversion_counted() says of units and people. Where counting the units took long, it is
-- kept for two hundred times as long: of thousands of reps who ask at noon one has the company's
-- history read, and what changes meanwhile shows a little later. People are counted anew each time.
--
-- SECURITY DEFINER: a rep's rates are shrunk toward those of the whole company, whose deals the rep
-- does not see. It tells sums and medians alone.
CREATE OR REPLACE FUNCTION conversion_counts(
    units bigint[],
    people bigint[],
    currency text,
    from_date date,
    to_date date
)
RETURNS SETOF conversion_count
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = tiejun, pg_temp
ROWS 10
AS $$
#variable_conflict use_column
DECLARE
    missing bigint[] := conversion_missing(units, currency, from_date, to_date);
    fresh conversion_count[];
    began timestamptz;
    took interval;
BEGIN
    -- Who kept them last knows that it takes long: of many who come at once one counts.
    IF EXISTS (SELECT FROM conversion_kept AS k WHERE k.unit_id = ANY (missing)) THEN
        PERFORM pg_advisory_xact_lock('conversion_kept'::regclass::integer, 0);
        missing := conversion_missing(units, currency, from_date, to_date);
    END IF;
    began := clock_timestamp();
    fresh := ARRAY(
        SELECT n
        FROM conversion_counted(missing, '{}', currency, from_date, to_date) AS n
    );
    took := clock_timestamp() - began;
    IF took >= (
        SELECT make_interval(
            secs => setting_of(u.id, 'conversion_keep_ms', company_today())::integer / 1000.0
        )
        FROM unit AS u
        WHERE u.kind = 'company'
    ) THEN
        PERFORM conversion_keep(
            missing, fresh, currency, from_date, to_date, clock_timestamp() + took * 200
        );
    END IF;
    RETURN QUERY
    SELECT (k.counts).*
    FROM conversion_kept AS k
    WHERE
        k.unit_id = ANY (units)
        AND k.unit_id <> ALL (missing)
        AND k.currency = conversion_counts.currency
        AND k.from_date = conversion_counts.from_date
        AND k.to_date = conversion_counts.to_date
        -- Not IS NOT NULL, which asks that of every attribute.
        AND NOT k.counts IS NULL
    UNION ALL
    SELECT f.* FROM unnest(fresh) AS f
    UNION ALL
    SELECT n.* FROM conversion_counted('{}', people, currency, from_date, to_date) AS n;
END;
$$;
