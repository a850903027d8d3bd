-- GoalService.Import: goals of a file, all of them or none. Those that are there already get a new
-- version where theirs differs. With history the lines are versions, of goals that are not there
-- yet: what is there is never written anew, and is accepted only where it says the same. A dry run
-- does it all and takes it back. Refused lines say why in code, field and, as the sentence's parts,
-- message.
CREATE OR REPLACE FUNCTION goal_import(goals goal_row_in [], history boolean, dry_run boolean)
RETURNS TABLE (line integer, changed boolean, field text, code text, message text)
LANGUAGE plpgsql
AS $$
#variable_conflict use_variable
DECLARE
    entry goal_row_in;
    wanted goal_in[];
    good boolean := true;
BEGIN
    IF history AND NOT holds_role(
        '{director}', (SELECT u.id FROM unit AS u WHERE u.kind = 'company')
    ) THEN
        PERFORM refuse('history_by_director', 'history');
    END IF;
    FOREACH entry IN ARRAY coalesce(goal_import.goals, '{}') LOOP
        BEGIN
            wanted := wanted || goal_import_row(entry);
        EXCEPTION
            WHEN SQLSTATE 'TJ001' THEN
                GET STACKED DIAGNOSTICS
                    code = MESSAGE_TEXT,
                    field = COLUMN_NAME,
                    message = PG_EXCEPTION_DETAIL;
                line := entry.line;
                good := false;
                RETURN NEXT;
        END;
    END LOOP;
    IF NOT good THEN
        RETURN;
    END IF;
    BEGIN
        IF history THEN
            RETURN QUERY
            SELECT h.line, h.changed, h.field, h.code, h.message
            FROM goal_import_versions(goal_import.goals, wanted) AS h;
        ELSE
            RETURN QUERY
            SELECT h.line, h.changed, h.field, h.code, h.message
            FROM goal_import_goals(goal_import.goals, wanted) AS h;
        END IF;
        IF goal_import.dry_run THEN
            RAISE EXCEPTION USING ERRCODE = 'TJ002', MESSAGE = 'dry run';
        END IF;
    EXCEPTION
        WHEN SQLSTATE 'TJ002' THEN
            NULL;
    END;
END;
$$;
