-- ObjectiveService.Edit: what changes is kept as a note, with what it was.
CREATE OR REPLACE FUNCTION objective_edit(
    INOUT id bigint,
    title text,
    owner text,
    due_date text,
    reason text
)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    before objective := objective_open(objective_edit.id);
    after objective := before;
    changes text;
BEGIN
    after.title := coalesce(nullif(btrim(objective_edit.title), ''), before.title);
    after.owner_id := coalesce(person_find(objective_edit.owner, 'owner'), before.owner_id);
    after.due_date := coalesce(date_of(objective_edit.due_date, 'due_date'), before.due_date);
    PERFORM check_range(after.from_date, after.due_date);
    changes := concat_ws(
        '; ',
        CASE WHEN after.title <> before.title THEN
            format('%s → %s', before.title, after.title) END,
        CASE WHEN after.owner_id <> before.owner_id THEN
            (
                SELECT format('%s → %s', b.handle, a.handle)
                FROM person AS b
                CROSS JOIN person AS a
                WHERE b.id = before.owner_id AND a.id = after.owner_id
            ) END,
        CASE WHEN after.due_date <> before.due_date THEN
            format('%s → %s', before.due_date, after.due_date) END
    );
    IF changes = '' THEN
        RETURN;
    END IF;
    UPDATE objective AS o
    SET title = after.title, owner_id = after.owner_id, due_date = after.due_date
    WHERE o.id = before.id;
    PERFORM objective_note_add(
        after, 'edited', concat_ws(': ', changes, nullif(btrim(objective_edit.reason), ''))
    );
END;
$$;
