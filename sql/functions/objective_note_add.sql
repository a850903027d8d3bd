-- Adds to what was said of an objective, on the unit's day.
CREATE OR REPLACE FUNCTION objective_note_add(
    objective objective,
    kind text,
    note text,
    place integer DEFAULT NULL,
    value_milli bigint DEFAULT NULL
)
RETURNS void
LANGUAGE sql
AS $$
    INSERT INTO objective_note (
        objective_id, at, local_date, actor_id, kind, place, value_milli, note
    )
    VALUES (
        (objective_note_add.objective).id,
        now(),
        unit_today((objective_note_add.objective).unit_id),
        actor(),
        objective_note_add.kind,
        objective_note_add.place,
        objective_note_add.value_milli,
        nullif(btrim(objective_note_add.note), '')
    );
$$;
