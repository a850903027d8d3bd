-- ObjectiveService.Close: how it ended, and why.
CREATE OR REPLACE FUNCTION objective_close(INOUT id bigint, state text, note text)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    about objective := objective_open(objective_close.id);
BEGIN
    PERFORM
        require('state', objective_close.state IN ('achieved', 'missed', 'dropped')),
        require('note', objective_close.state = 'achieved' OR btrim(objective_close.note) <> '');
    UPDATE objective AS o
    SET state = objective_close.state, closed_on = unit_today(o.unit_id)
    WHERE o.id = about.id;
    PERFORM objective_note_add(about, 'closed', objective_close.note);
END;
$$;
