-- A try counts before it is known whether it is a good one, so that any number at once count. What
-- was judged must still be what is there: else 40001, and the daemon judges again. Gives whose
-- password it is, by handle or by the hash of a code, and what it is checked against: nothing for a
-- name that is unknown or has no password.
--
-- SECURITY DEFINER: nobody acts yet.
CREATE OR REPLACE FUNCTION try_reserve(
    handle text,
    code_hash bytea,
    kinds text[],
    subjects text[],
    tries integer[],
    versions bigint[]
)
RETURNS TABLE (person_id bigint, person text, name text, verifier text)
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    written bigint;
BEGIN
    INSERT INTO login_throttle AS t (kind, subject, tries, last_at, version)
    SELECT n.kind, n.subject, n.tries, clock_timestamp(), n.version + 1
    FROM unnest(
        try_reserve.kinds, try_reserve.subjects, try_reserve.tries, try_reserve.versions
    ) AS n (kind, subject, tries, version)
    -- Everyone locks in the same order.
    ORDER BY n.kind, n.subject
    ON CONFLICT (kind, subject) DO UPDATE
    SET tries = excluded.tries, last_at = excluded.last_at, version = excluded.version
    WHERE t.version = excluded.version - 1;
    GET DIAGNOSTICS written = ROW_COUNT;
    IF written <> cardinality(try_reserve.kinds) THEN
        RAISE EXCEPTION 'another try came between' USING ERRCODE = '40001';
    END IF;
    RETURN QUERY
    SELECT p.id, p.handle, p.name, w.verifier
    FROM person AS p
    LEFT JOIN password AS w ON w.person_id = p.id
    WHERE p.id = coalesce(
        (SELECT h.id FROM person AS h WHERE lower(h.handle) = lower(btrim(try_reserve.handle))),
        (
            SELECT i.person_id
            FROM invite AS i
            WHERE i.code_hash = try_reserve.code_hash AND i.expires_at > now()
        )
    );
END;
$$;
