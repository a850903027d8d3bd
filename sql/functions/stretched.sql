-- A target with a stretch in thousandths on it (2.3), halves up as server/method/split.h has it.
CREATE OR REPLACE FUNCTION stretched(target bigint, stretch_milli integer)
RETURNS bigint
LANGUAGE sql
IMMUTABLE
AS $$
    SELECT round(target * (1000 + coalesce(stretch_milli, 0))::numeric / 1000)::bigint;
$$;
