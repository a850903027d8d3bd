-- For conversion_counts(): keeps what was counted, also of units that have no deals; and drops what
-- nobody asks for any more.
CREATE OR REPLACE FUNCTION conversion_keep(
    units bigint[],
    fresh conversion_count[],
    currency text,
    from_date date,
    to_date date,
    good_until timestamptz
)
RETURNS void
LANGUAGE sql
AS $$
    DELETE FROM conversion_kept AS k WHERE k.good_until < now() - interval '3 days';
    INSERT INTO conversion_kept (unit_id, currency, from_date, to_date, good_until, counts)
    SELECT
        u.id,
        conversion_keep.currency,
        conversion_keep.from_date,
        conversion_keep.to_date,
        conversion_keep.good_until,
        f.f
    FROM unnest(conversion_keep.units) AS u (id)
    LEFT JOIN LATERAL (
        SELECT f FROM unnest(conversion_keep.fresh) AS f WHERE f.unit_id = u.id
    ) AS f (f) ON true
    ORDER BY u.id
    ON CONFLICT (unit_id, currency, from_date, to_date) DO UPDATE
    SET good_until = excluded.good_until, counts = excluded.counts;
$$;
