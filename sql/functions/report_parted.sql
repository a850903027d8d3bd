-- Slots by where their work is found. Of units as they were, with all that is below them: company
-- is what all offices did; whole, for other units but teams, what theirs did. rest are all others,
-- which need a closer look.
CREATE OR REPLACE FUNCTION report_parted(
    slots report_slot[],
    as_is boolean,
    OUT company report_slot[],
    OUT whole report_slot[],
    OUT rest report_slot[]
)
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
BEGIN
    SELECT
        array_agg(s) FILTER (WHERE part.part = 'company'),
        array_agg(s) FILTER (WHERE part.part = 'whole'),
        array_agg(s) FILTER (WHERE part.part = 'rest')
    INTO company, whole, rest
    FROM unnest(report_parted.slots) AS s
    LEFT JOIN unit AS u ON u.id = s.unit_id
    CROSS JOIN LATERAL (
        SELECT
            CASE
                WHEN
                    s.person_id IS NOT NULL
                    OR s.own_only
                    OR report_parted.as_is
                    OR u.kind = 'team'
                THEN 'rest'
                WHEN u.kind = 'company' THEN 'company'
                ELSE 'whole'
            END
    ) AS part (part);
END;
$$;
