-- For actor_enter(): each kind of right that the person's roles of today give, and its reach. Today
-- is that of the unit on which the role is held, as in holds_role().
CREATE OR REPLACE FUNCTION actor_rights(person_id bigint)
RETURNS TABLE (right_name text, units text)
LANGUAGE sql
STABLE
AS $$
    WITH
        held AS MATERIALIZED (
            SELECT g.unit_id, g.role, g.lent_by IS NOT NULL AS is_lent, today.today
            FROM role_grant AS g
            CROSS JOIN LATERAL (SELECT unit_today(g.unit_id)) AS today (today)
            WHERE
                g.person_id = actor_rights.person_id
                AND today.today BETWEEN g.from_date AND g.to_date
        ),
        gives (right_name, roles) AS (
            VALUES
                -- Sees and does what its people do.
                ('led', '{supervisor,region_manager,director}'::text[]),
                -- Sets itself higher goals (2.10).
                ('headed', '{region_manager,director}'),
                -- Sets standards, calendars and settings.
                ('planned', '{region_manager,director,admin}'),
                -- Places people, gives roles, lets devices in.
                ('managed', '{director,admin}'),
                -- Makes directors, which a loan does not: who stands in for one would stay one.
                ('directed', '{director}')
        )
    SELECT
        gives.right_name,
        CASE
            WHEN bool_or(top.kind = 'company') THEN 'all'
            ELSE (
                SELECT array_agg(DISTINCT r.unit_id)::text
                FROM held AS h
                JOIN reach AS r ON r.ancestor_id = h.unit_id
                WHERE
                    h.role = ANY (gives.roles)
                    AND NOT (h.is_lent AND gives.right_name = 'directed')
                    AND r.to_date >= h.today
                    -- Of a unit that does not exist yet, its first place: few are looked up.
                    AND (
                        r.from_date <= h.today
                        OR r.from_date = (
                            SELECT u.exists_from FROM unit AS u WHERE u.id = r.unit_id
                        )
                    )
            )
        END
    FROM gives
    JOIN held
        ON
            held.role = ANY (gives.roles)
            AND NOT (held.is_lent AND gives.right_name = 'directed')
    JOIN unit AS top ON top.id = held.unit_id
    GROUP BY gives.right_name, gives.roles;
$$;
