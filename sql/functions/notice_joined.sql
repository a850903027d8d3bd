-- Trigger of membership, once a statement: whoever leads a unit hears who has joined it, or will.
-- Places of long ago, as a first import brings them, are no news, nor is a new row for one who was
-- there the day before.
CREATE OR REPLACE FUNCTION notice_joined()
RETURNS trigger
LANGUAGE plpgsql
AS $$
DECLARE
    told notice_in[];
BEGIN
    SELECT
        array_agg(
            (
                l.person_id,
                'joined',
                NULL,
                n.person_id,
                n.unit_id,
                true,
                jsonb_build_object('from_date', n.from_date)
            )::notice_in
        )
    INTO told
    FROM new_rows AS n
    CROSS JOIN LATERAL (
        SELECT DISTINCT r.person_id
        FROM role_grant AS r
        WHERE
            r.unit_id = n.unit_id
            AND r.role <> 'admin'
            AND greatest(n.from_date, current_date) BETWEEN r.from_date AND r.to_date
    ) AS l
    WHERE
        n.from_date >= current_date - 7
        AND l.person_id <> actor()
        AND l.person_id <> n.person_id
        AND NOT EXISTS (
            SELECT
            FROM membership AS m
            WHERE
                m.person_id = n.person_id
                AND m.unit_id = n.unit_id
                AND m.from_date < n.from_date
                AND m.to_date >= n.from_date - 1
        );
    IF told IS NOT NULL THEN
        PERFORM notices_add(told);
    END IF;
    RETURN NULL;
END;
$$;
