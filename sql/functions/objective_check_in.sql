-- ObjectiveService.CheckIn: a dated note; of a number or a milestone also where it stands.
CREATE OR REPLACE FUNCTION objective_check_in(
    INOUT id bigint,
    note text,
    place integer,
    value_milli bigint
)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    about objective := objective_find(objective_check_in.id);
    result key_result%ROWTYPE;
BEGIN
    IF about.state <> 'open' THEN
        PERFORM refuse('objective_closed', 'id', about.id::text, about.closed_on::text);
    END IF;
    PERFORM require(
        'note', btrim(objective_check_in.note) <> '' OR objective_check_in.value_milli IS NOT NULL
    );
    IF objective_check_in.place IS NOT NULL THEN
        SELECT k.* INTO result
        FROM key_result AS k
        WHERE k.objective_id = about.id AND k.place = objective_check_in.place;
        IF NOT FOUND THEN
            PERFORM refuse(
                'unknown_key_result', 'place', about.id::text, objective_check_in.place::text
            );
        END IF;
    END IF;
    IF objective_check_in.value_milli IS NOT NULL THEN
        PERFORM require('place', objective_check_in.place IS NOT NULL);
        IF result.source NOT IN ('number', 'milestone') THEN
            PERFORM refuse('counts_itself', 'value_milli', result.title);
        ELSIF result.source = 'milestone'
            AND objective_check_in.value_milli NOT IN (0, 1000)
        THEN
            PERFORM refuse('reached_or_not', 'value_milli', result.title);
        END IF;
    END IF;
    PERFORM objective_note_add(
        about,
        'checked_in',
        objective_check_in.note,
        objective_check_in.place,
        objective_check_in.value_milli
    );
END;
$$;
