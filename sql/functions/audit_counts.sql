-- What the audit trail keeps of a request over many rows: how many were kept, the ids of the first,
-- and how many were refused by which code. NULL in codes is no refusal.
CREATE OR REPLACE FUNCTION audit_counts(kept uuid[], codes text[])
RETURNS jsonb
LANGUAGE plpgsql
STABLE
AS $$
BEGIN
    RETURN jsonb_strip_nulls(
        jsonb_build_object(
            'kept', coalesce(cardinality(kept), 0),
            'ids', to_jsonb(kept[:20]),
            'refused', (
                SELECT jsonb_object_agg(r.code, r.count)
                FROM (SELECT c, count(*) FROM unnest(codes) AS c GROUP BY c) AS r (code, count)
                WHERE r.code IS NOT NULL
            )
        )
    );
END;
$$;
