-- Tells the people of an office which of their open objectives (2.10) are due within the setting's
-- days, once for each date that an objective is given.
CREATE OR REPLACE FUNCTION notice_objectives(office_id bigint, day date)
RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    told notice_in[];
BEGIN
    SELECT
        array_agg(
            (
                o.owner_id,
                'objective_due',
                concat_ws(' ', o.id, o.due_date),
                NULL,
                o.unit_id,
                false,
                jsonb_build_object('title', left(o.title, 200), 'to_date', o.due_date)
            )::notice_in
            ORDER BY o.due_date, o.id
        )
    INTO told
    FROM membership AS m
    JOIN objective AS o ON o.owner_id = m.person_id
    WHERE
        m.office_id = notice_objectives.office_id
        AND day BETWEEN m.from_date AND m.to_date
        AND o.state = 'open'
        AND o.due_date
        <= day + setting_of(notice_objectives.office_id, 'objective_due_days', day)::integer;
    IF told IS NOT NULL THEN
        PERFORM notices_add(told);
    END IF;
END;
$$;
