-- What the contenders that are not the daemon need.
CREATE SCHEMA bench;

-- Time-ordered, as clients make them.
CREATE FUNCTION bench.uuid_v7()
RETURNS uuid
LANGUAGE sql
VOLATILE
AS $$
    SELECT (
        lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0')
        || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14)
    )::uuid;
$$;

CREATE FUNCTION bench.uuid_of(a bigint, b bigint)
RETURNS uuid
LANGUAGE sql
IMMUTABLE
AS $$
    SELECT (lpad(to_hex(a), 16, '0') || lpad(to_hex(b), 16, '0'))::uuid;
$$;
