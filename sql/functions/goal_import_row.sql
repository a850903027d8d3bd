-- A line of a file as a goal to write; refuses what cannot be one, and whose goals are not the
-- actor's to set.
CREATE OR REPLACE FUNCTION goal_import_row(entry goal_row_in)
RETURNS goal_in
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_variable
DECLARE
    aim metric := metric_find(entry.metric);
    made goal_in;
BEGIN
    IF num_nonnulls(entry.unit, entry.person) <> 1 THEN
        PERFORM refuse('unit_or_person', 'unit');
    END IF;
    made.unit_id := unit_find(entry.unit);
    made.person_id := person_find(entry.person);
    IF NOT actor_has_all('led')
        AND NOT coalesce(
            made.unit_id = ANY (actor_units('led')), made.person_id = ANY (actor_people('led'))
        )
    THEN
        PERFORM refuse('forbidden', 'unit', coalesce(entry.unit, entry.person));
    END IF;
    made.metric := aim.metric;
    made.from_date := date_of(entry.from_date, 'from_date');
    made.to_date := date_of(entry.to_date, 'to_date');
    PERFORM
        require('from_date', made.from_date IS NOT NULL),
        require('to_date', made.to_date IS NOT NULL),
        require('target', entry.target IS NOT NULL),
        -- Whoever wrote the amount knew its decimals.
        require('currency', entry.currency IS NOT NULL OR NOT aim.is_money),
        require('done', num_nulls(entry.rebalanced_from, entry.done) <> 1),
        check_range(made.from_date, made.to_date);
    made.currency := goal_currency(
        aim, entry.currency, coalesce(made.unit_id, person_unit(made.person_id))
    );
    made.target := entry.target;
    made.stretch_milli := entry.stretch_milli;
    made.stretched_target := coalesce(
        entry.stretched_target, stretched(entry.target, coalesce(entry.stretch_milli, 0))
    );
    IF made.target < 0 THEN
        PERFORM refuse('negative_target', 'target', made.target::text);
    ELSIF made.stretch_milli < 0 OR made.stretched_target < made.target THEN
        PERFORM refuse('bad_stretch', 'stretched_target', made.stretched_target::text);
    ELSIF entry.method NOT IN ('equal', 'headcount', 'stated', 'history', 'capacity') THEN
        PERFORM refuse('bad_cell', 'method', entry.method, 'method');
    ELSIF entry.seasons <> 'none' AND EXISTS (
        SELECT
        FROM regexp_split_to_table(entry.seasons, ' ') AS s
        WHERE s !~ '^(\d{2}|\d{4}-\d{2}(-\d{2})?)=\d{1,9}$'
    ) THEN
        PERFORM refuse('bad_cell', 'seasons', entry.seasons, 'seasons');
    END IF;
    made.locked := coalesce(entry.locked, false);
    made.method := entry.method;
    made.rebalanced_from := date_of(entry.rebalanced_from, 'rebalanced_from');
    made.done := entry.done;
    made.seasons := entry.seasons;
    made.reason := entry.reason;
    RETURN made;
END;
$$;
