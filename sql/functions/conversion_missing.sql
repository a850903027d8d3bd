-- For conversion_counts(): those of the units whose counts are not kept, or not good any more.
CREATE OR REPLACE FUNCTION conversion_missing(
    units bigint[],
    currency text,
    from_date date,
    to_date date
)
RETURNS bigint[]
LANGUAGE sql
AS $$
    SELECT ARRAY(
        SELECT u.id
        FROM unnest(conversion_missing.units) AS u (id)
        WHERE NOT EXISTS (
            SELECT
            FROM conversion_kept AS k
            WHERE
                k.unit_id = u.id
                AND k.currency = conversion_missing.currency
                AND k.from_date = conversion_missing.from_date
                AND k.to_date = conversion_missing.to_date
                AND k.good_until > clock_timestamp()
        )
    );
$$;
