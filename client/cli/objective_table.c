#include "client/cli/objective_table.h"

#include "client/lib/render.h"
#include "client/lib/words.h"
#include "common/i18n.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define BAR_CELLS 10
#define WHOLE 1000
#define TEXT_SIZE 256

static void set_bar(struct table *table, size_t row, size_t column, int64_t progress, int64_t mark)
{
    char bar[TEXT_SIZE];
    table_set(table, row, column,
              render_bar_marked(progress, mark, WHOLE, BAR_CELLS, bar, sizeof bar));
    table_set_colour(table, row, column, progress >= mark ? TABLE_GOOD : TABLE_WARN);
}

static void set_value(struct table *table, size_t row, size_t column, int64_t milli,
                      const char *measure)
{
    char number[32];
    char text[TEXT_SIZE];
    render_milli(milli, number, sizeof number);
    snprintf(text, sizeof text, "%s%s%s", number, measure && *measure ? " " : "",
             or_empty(measure));
    table_set_raw(table, row, column, text, number);
}

// ---- objectives ----

enum {
    OBJECTIVE_ID,
    OBJECTIVE_TITLE,
    OBJECTIVE_OWNER,
    OBJECTIVE_UNIT,
    OBJECTIVE_DUE,
    OBJECTIVE_PROGRESS,
    OBJECTIVE_BAR,
    OBJECTIVE_ELAPSED,
    OBJECTIVE_STATE,
    OBJECTIVE_LAST,
};

static const struct table_column objective_columns[] = {
    [OBJECTIVE_ID] = {"id", "#", TABLE_RIGHT},
    [OBJECTIVE_TITLE] = {"title", N_("objective"), TABLE_TRUNCATE},
    [OBJECTIVE_OWNER] = {"owner", N_("owner"), TABLE_TRUNCATE},
    [OBJECTIVE_UNIT] = {"unit", "", TABLE_CSV_ONLY},
    [OBJECTIVE_DUE] = {"due_date", N_("due"), 0},
    [OBJECTIVE_PROGRESS] = {"progress", N_("progress"), TABLE_RIGHT},
    [OBJECTIVE_BAR] = {"bar", "", TABLE_SCREEN_ONLY | TABLE_DROP},
    [OBJECTIVE_ELAPSED] = {"elapsed", N_("of the time"), TABLE_RIGHT},
    [OBJECTIVE_STATE] = {"state", "", 0},
    [OBJECTIVE_LAST] = {"last_check_in", N_("last note"), TABLE_IF_ANY | TABLE_DROP},
    {NULL, NULL, 0},
};

const char *objective_state(const Tiejun__V1__Objective *objective, char out[WORD_SIZE])
{
    if (objective->state == TIEJUN__V1__OBJECTIVE_STATE__OBJECTIVE_STATE_OPEN)
        return _("under way");
    return word_enum(&tiejun__v1__objective_state__descriptor, objective->state, out);
}

struct table *objective_table(Tiejun__V1__Objective *const *objectives, size_t count)
{
    struct table *table = table_new(objective_columns);
    for (size_t i = 0; i < count; i++) {
        const Tiejun__V1__Objective *objective = objectives[i];
        char state[WORD_SIZE];
        char code[WORD_SIZE];
        size_t row = table_add(table);
        table_set_count(table, row, OBJECTIVE_ID, objective->id);
        table_set(table, row, OBJECTIVE_TITLE, objective->title);
        table_set_raw(table, row, OBJECTIVE_OWNER, objective->owner_name, objective->owner);
        table_set(table, row, OBJECTIVE_UNIT, objective->unit);
        table_set(table, row, OBJECTIVE_DUE, objective->due_date);
        table_set_percent(table, row, OBJECTIVE_PROGRESS, objective->progress_milli);
        set_bar(table, row, OBJECTIVE_BAR, objective->progress_milli, objective->elapsed_milli);
        table_set_percent(table, row, OBJECTIVE_ELAPSED, objective->elapsed_milli);
        word_code(&tiejun__v1__objective_state__descriptor, objective->state, code);
        table_set_raw(table, row, OBJECTIVE_STATE, objective_state(objective, state), code);
        table_set(table, row, OBJECTIVE_LAST, objective->last_check_in);
    }
    return table;
}

// ---- key results ----

enum {
    RESULT_PLACE,
    RESULT_TITLE,
    RESULT_SOURCE,
    RESULT_FROM,
    RESULT_NOW,
    RESULT_TO,
    RESULT_PROGRESS,
    RESULT_BAR,
};

static const struct table_column result_columns[] = {
    [RESULT_PLACE] = {"place", "#", TABLE_RIGHT},
    [RESULT_TITLE] = {"title", N_("key result"), TABLE_TRUNCATE},
    [RESULT_SOURCE] = {"source", N_("counted by"), TABLE_TRUNCATE},
    [RESULT_FROM] = {"from", N_("from"), TABLE_RIGHT | TABLE_IF_ANY},
    [RESULT_NOW] = {"value", N_("now"), TABLE_RIGHT | TABLE_IF_ANY},
    [RESULT_TO] = {"to", N_("to"), TABLE_RIGHT | TABLE_IF_ANY},
    [RESULT_PROGRESS] = {"progress", N_("progress"), TABLE_RIGHT},
    [RESULT_BAR] = {"bar", "", TABLE_SCREEN_ONLY | TABLE_DROP},
    {NULL, NULL, 0},
};

static const char *counted_by(Tiejun__V1__KeyResultSource source)
{
    return source == TIEJUN__V1__KEY_RESULT_SOURCE__KEY_RESULT_SOURCE_NUMBER ||
                   source == TIEJUN__V1__KEY_RESULT_SOURCE__KEY_RESULT_SOURCE_MILESTONE
               ? _("check-ins")
               : _("itself");
}

struct table *objective_table_of_results(Tiejun__V1__KeyResult *const *results, size_t count)
{
    struct table *table = table_new(result_columns);
    for (size_t i = 0; i < count; i++) {
        const Tiejun__V1__KeyResult *result = results[i];
        char code[WORD_SIZE];
        size_t row = table_add(table);
        table_set_count(table, row, RESULT_PLACE, result->place);
        table_set(table, row, RESULT_TITLE, result->title);
        word_code(&tiejun__v1__key_result_source__descriptor, result->source, code);
        table_set_raw(table, row, RESULT_SOURCE, counted_by(result->source), code);
        if (result->source != TIEJUN__V1__KEY_RESULT_SOURCE__KEY_RESULT_SOURCE_MILESTONE) {
            set_value(table, row, RESULT_FROM, result->from_milli, NULL);
            set_value(table, row, RESULT_NOW, result->value_milli, result->measure);
            set_value(table, row, RESULT_TO, result->to_milli, NULL);
        }
        table_set_percent(table, row, RESULT_PROGRESS, result->progress_milli);
        set_bar(table, row, RESULT_BAR, result->progress_milli, 0);
    }
    return table;
}

// ---- notes ----

enum { NOTE_DAY, NOTE_WHO, NOTE_PLACE, NOTE_VALUE, NOTE_TEXT };

static const struct table_column note_columns[] = {
    [NOTE_DAY] = {"date", N_("day"), 0},
    [NOTE_WHO] = {"actor", N_("said by"), TABLE_TRUNCATE},
    [NOTE_PLACE] = {"key_result", "#", TABLE_RIGHT | TABLE_IF_ANY},
    [NOTE_VALUE] = {"value", N_("now"), TABLE_RIGHT | TABLE_IF_ANY},
    [NOTE_TEXT] = {"note", N_("note"), TABLE_WRAP},
    {NULL, NULL, 0},
};

// What was said; of what happened to the objective itself, that too.
static void set_words(struct table *table, size_t row, const Tiejun__V1__ObjectiveNote *note)
{
    char kind[WORD_SIZE];
    char text[2 * TEXT_SIZE];
    bool said = strcmp(or_empty(note->kind), "checked_in") == 0;
    snprintf(text, sizeof text, "%s%s%s", word(note->kind, kind), note->note ? ": " : "",
             or_empty(note->note));
    table_set(table, row, NOTE_TEXT, said && note->note ? note->note : text);
}

struct table *objective_table_of_notes(Tiejun__V1__ObjectiveNote *const *notes, size_t count)
{
    struct table *table = table_new(note_columns);
    for (size_t i = 0; i < count; i++) {
        const Tiejun__V1__ObjectiveNote *note = notes[i];
        size_t row = table_add(table);
        table_set(table, row, NOTE_DAY, note->local_date);
        table_set_raw(table, row, NOTE_WHO, note->actor_name, note->actor);
        if (note->has_place)
            table_set_count(table, row, NOTE_PLACE, note->place);
        if (note->has_value_milli)
            set_value(table, row, NOTE_VALUE, note->value_milli, NULL);
        set_words(table, row, note);
    }
    return table;
}
