-- Who belonged where, for each slot, within its range (1.1). As it was: memberships in the slot's
-- unit, or below it, in the time in which that was so. As it is: all memberships of those who
-- belong there today. A person's slot: its memberships, below the slot's unit if there is one.
CREATE OR REPLACE FUNCTION report_members(slots report_slot[], as_is boolean, today date)
RETURNS TABLE (
    slot integer,
    person_id bigint,
    unit_id bigint,
    office_id bigint,
    from_date date,
    to_date date,
    -- The slot's own.
    currency text
)
LANGUAGE plpgsql
STABLE
-- Of a company there are thousands: who joins them had better not loop.
ROWS 1000
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH
        asked AS MATERIALIZED (SELECT s.* FROM unnest(report_members.slots) AS s),
        hit AS (
            -- People, as they were or are.
            SELECT
                s.slot, m.person_id, m.unit_id, m.office_id,
                greatest(s.from_date, m.from_date, r.from_date) AS from_date,
                least(s.to_date, m.to_date, r.to_date) AS to_date,
                s.currency
            FROM asked AS s
            JOIN membership AS m ON m.person_id = s.person_id
            LEFT JOIN reach AS r ON r.ancestor_id = s.unit_id AND r.unit_id = m.unit_id
            WHERE s.person_id IS NOT NULL AND (s.unit_id IS NULL OR r.unit_id IS NOT NULL)
            UNION ALL
            -- Units as they were.
            SELECT
                s.slot, m.person_id, m.unit_id, m.office_id,
                greatest(s.from_date, m.from_date, r.from_date, b.from_date),
                least(s.to_date, m.to_date, r.to_date, b.to_date),
                s.currency
            FROM asked AS s
            JOIN reach AS r
                ON r.ancestor_id = s.unit_id AND (NOT s.own_only OR r.depth = 0)
            JOIN membership AS m ON m.unit_id = r.unit_id
            LEFT JOIN reach AS b
                ON
                    b.ancestor_id = s.within_id
                    AND b.unit_id = s.unit_id
                    AND (s.own_only OR b.depth = 1)
            WHERE
                s.person_id IS NULL
                AND NOT report_members.as_is
                AND (s.within_id IS NULL OR b.unit_id IS NOT NULL)
            UNION ALL
            -- Units as they are.
            SELECT
                s.slot, m.person_id, m.unit_id, m.office_id,
                greatest(s.from_date, m.from_date),
                least(s.to_date, m.to_date),
                s.currency
            FROM asked AS s
            JOIN reach AS r
                ON
                    r.ancestor_id = s.unit_id
                    AND (NOT s.own_only OR r.depth = 0)
                    AND report_members.today BETWEEN r.from_date AND r.to_date
            JOIN membership AS now_there
                ON
                    now_there.unit_id = r.unit_id
                    AND report_members.today BETWEEN now_there.from_date AND now_there.to_date
            JOIN membership AS m ON m.person_id = now_there.person_id
            WHERE s.person_id IS NULL AND report_members.as_is
        )
    SELECT
        hit.slot, hit.person_id, hit.unit_id, hit.office_id, hit.from_date, hit.to_date,
        hit.currency
    FROM hit
    WHERE hit.from_date <= hit.to_date;
END;
$$;
