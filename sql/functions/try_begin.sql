-- Before a password or a code is tried: which rows of login_throttle count the tries, and what they
-- say. handle: at whose password; NULL where a code is tried, which has no name on it. Whoever has
-- logged in is not held up by others at the same address.
--
-- SECURITY DEFINER: nobody acts yet. It tells nothing but how many tries there were, and an unknown
-- name has its row as a known one.
CREATE OR REPLACE FUNCTION try_begin(handle text)
RETURNS TABLE (kind text, subject text, tries integer, idle_ms bigint, version bigint)
LANGUAGE sql
STABLE
SECURITY DEFINER
SET search_path = tiejun, pg_temp
AS $$
    WITH
        asked (kind, subject) AS (
            SELECT 'address', try_subject(coalesce(actor_network()::text, ''))
            WHERE actor() IS NULL
            UNION ALL
            SELECT
                CASE WHEN known.here THEN 'place' ELSE 'account' END,
                try_subject(
                    lower(btrim(try_begin.handle))
                    || CASE WHEN known.here THEN ' ' || actor_network()::text ELSE '' END
                )
            FROM (
                SELECT EXISTS (
                    SELECT
                    FROM person AS p
                    JOIN login_place AS l ON l.person_id = p.id AND l.network = actor_network()
                    WHERE lower(p.handle) = lower(btrim(try_begin.handle))
                )
            ) AS known (here)
            WHERE try_begin.handle IS NOT NULL
        )
    SELECT
        asked.kind,
        asked.subject,
        coalesce(t.tries, 0),
        coalesce(
            (extract(EPOCH FROM clock_timestamp() - t.last_at) * 1000)::bigint, 9223372036854775807
        ),
        coalesce(t.version, 0)
    FROM asked
    LEFT JOIN login_throttle AS t ON t.kind = asked.kind AND t.subject = asked.subject
    ORDER BY asked.kind;
$$;
