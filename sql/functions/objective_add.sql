-- ObjectiveService.Add: an objective with its key results (domain.md 2.10).
CREATE OR REPLACE FUNCTION objective_add(
    title text,
    unit text,
    owner text,
    from_date text,
    due_date text,
    key_results key_result_in[],
    OUT id bigint
)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    made objective;
    wrong text;
BEGIN
    made.unit_id := unit_or_home(objective_add.unit);
    made.owner_id := coalesce(person_find(objective_add.owner, 'owner'), actor());
    made.from_date := coalesce(
        date_of(objective_add.from_date, 'from_date'), unit_today(made.unit_id)
    );
    made.due_date := date_of(objective_add.due_date, 'due_date');
    PERFORM
        require('title', btrim(objective_add.title) <> ''),
        require('due_date', made.due_date IS NOT NULL),
        require('key_results', cardinality(objective_add.key_results) > 0),
        check_range(made.from_date, made.due_date);
    IF EXISTS (SELECT FROM unnest(objective_add.key_results) AS k WHERE k.source = 'mentees') THEN
        PERFORM refuse('no_mentors_yet', 'key_results');
    END IF;
    SELECT k.title INTO wrong
    FROM unnest(objective_add.key_results) AS k
    WHERE
        coalesce(btrim(k.title), '') = ''
        OR k.source IS NULL
        OR (k.source <> 'milestone' AND num_nulls(k.from_milli, k.to_milli) > 0)
        OR (k.source <> 'milestone' AND k.from_milli = k.to_milli);
    IF FOUND THEN
        PERFORM refuse('bad_key_result', 'key_results', coalesce(wrong, ''));
    END IF;
    INSERT INTO objective (title, owner_id, unit_id, from_date, due_date)
    VALUES (
        btrim(objective_add.title), made.owner_id, made.unit_id, made.from_date, made.due_date
    )
    RETURNING * INTO made;
    INSERT INTO key_result (
        objective_id, place, title, source, from_milli, to_milli, measure, competitor
    )
    SELECT
        made.id,
        k.ordinality,
        btrim(k.title),
        k.source,
        CASE k.source WHEN 'milestone' THEN 0 ELSE k.from_milli END,
        CASE k.source WHEN 'milestone' THEN 1000 ELSE k.to_milli END,
        nullif(btrim(k.measure), ''),
        nullif(btrim(k.competitor), '')
    FROM unnest(objective_add.key_results) WITH ORDINALITY AS k;
    PERFORM objective_note_add(made, 'added', NULL);
    id := made.id;
END;
$$;
