-- Slots by where their work is found: whole are units as they were with all that is below them, but
-- for teams, which is what their offices did; rest are all others, which need a closer look.
CREATE OR REPLACE FUNCTION report_parted(
    slots report_slot[],
    as_is boolean,
    OUT whole report_slot[],
    OUT rest report_slot[]
)
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
BEGIN
    SELECT
        array_agg(s) FILTER (WHERE is_whole.is_whole),
        array_agg(s) FILTER (WHERE NOT is_whole.is_whole)
    INTO whole, rest
    FROM unnest(report_parted.slots) AS s
    LEFT JOIN unit AS u ON u.id = s.unit_id
    CROSS JOIN LATERAL (
        SELECT
            s.person_id IS NULL
            AND NOT (s.own_only OR report_parted.as_is OR u.kind = 'team')
    ) AS is_whole (is_whole);
END;
$$;
