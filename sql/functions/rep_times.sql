-- When each of many people is a rep of which unit, or everybody for NULL: its membership, less the
-- days on which it holds a role of its own on that very unit (2.1).
CREATE OR REPLACE FUNCTION rep_times(people bigint[])
RETURNS SETOF rep_time
LANGUAGE sql
STABLE
AS $$
    SELECT m.person_id, m.unit_id, lower(part.days), upper(part.days) - 1
    FROM membership AS m
    CROSS JOIN LATERAL unnest(
        datemultirange(daterange(m.from_date, m.to_date, '[]'))
        - coalesce(
            (
                SELECT range_agg(daterange(g.from_date, g.to_date, '[]'))
                FROM role_grant AS g
                WHERE
                    g.person_id = m.person_id
                    AND g.unit_id = m.unit_id
                    AND g.lent_by IS NULL
            ),
            '{}'
        )
    ) AS part (days)
    WHERE rep_times.people IS NULL OR m.person_id = ANY (rep_times.people);
$$;
