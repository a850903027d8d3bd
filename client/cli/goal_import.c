// tiejun goal import: goals from a CSV file as goal export writes it.

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/goal.h"
#include "client/cli/goal_file.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/lib/csv_reader.h"
#include "client/lib/words.h"
#include "common/instant.h"
#include "common/money.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

// What a request takes: as many lines, in as many bytes. A file of no more is taken whole or not at
// all.
#define BATCH_ROWS ((size_t)2000)
#define BATCH_BYTES ((size_t)512 * 1024)
// Lines that are refused are told up to here.
#define REFUSED_TOLD 10

const struct option_spec goal_import_options[] = {
    {"dry-run", 0, OPTION_FLAG, NULL, N_("Check the file against the daemon and change nothing")},
    OPTIONS_END,
};

struct goal_file {
    struct context *context;
    const char *path;
    struct csv_reader *reader;
    // Of each field; negative where the file has no such column.
    int columns[GOAL_FIELDS];
    Tiejun__V1__GoalServiceImportRequest batch;
    size_t bytes;
    unsigned long read;
    unsigned long changed;
    // Lines of batches that the daemon has taken.
    unsigned long taken;
};

static void open_file(struct goal_file *file)
{
    char error[512];
    const struct csv_settings settings = {TEXT_ENCODING_AUTO, 0};
    file->reader = csv_reader_open(file->path, &settings, error, sizeof error);
    if (!file->reader)
        refuse(NULL, "%s", error);
    for (int i = 0; i < GOAL_FIELDS; i++)
        file->columns[i] = csv_reader_column(file->reader, goal_file_columns[i].key);
    static const int needed[] = {GOAL_METRIC, GOAL_FROM, GOAL_TO, GOAL_TARGET};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        if (file->columns[needed[i]] < 0)
            refuse(_("tiejun goal export shows what a file looks like."),
                   _("%s has no column \"%s\"."), file->path, goal_file_columns[needed[i]].key);
    }
}

// What became of the file when it is given up.
static const char *what_was_taken(const struct goal_file *file)
{
    if (file->taken == 0)
        return _("Nothing was changed.");
    return context_text(file->context,
                        _("The %lu goals before were taken, in batches. Mend the file and import "
                          "it again: what is there already stays as it is."),
                        file->taken);
}

static void refuse_line(const struct goal_file *file, int64_t line, const char *problem)
    __attribute__((noreturn));

static void refuse_line(const struct goal_file *file, int64_t line, const char *problem)
{
    refuse(what_was_taken(file), _("%s, line %" PRId64 ": %s"), file->path, line, problem);
}

// ---- a line ----

// NULL for an empty cell or a column that is not there.
static char *cell(const struct goal_file *file, const struct csv_record *record, int field)
{
    int column = file->columns[field];
    const char *text =
        column >= 0 && (size_t)column < record->count ? record->fields[column] : NULL;
    return text && *text ? context_text(file->context, "%s", text) : NULL;
}

// Money of the line's currency, or a count; an empty cell is 0 and not there.
static int64_t amount(const struct goal_file *file, const struct csv_record *record, int field,
                      const char *currency, protobuf_c_boolean *has)
{
    const char *text = cell(file, record, field);
    int64_t value = 0;
    char *end = NULL;
    *has = text != NULL;
    errno = 0;
    if (!text || (currency ? money_parse(text, currency, &value)
                           : (value = strtoll(text, &end, 10), end != text && !*end && errno == 0)))
        return value;
    refuse_line(file, record->line, context_text(file->context, _("\"%s\" is no number."), text));
}

static int32_t small(const struct goal_file *file, const struct csv_record *record, int field,
                     protobuf_c_boolean *has)
{
    int64_t value = amount(file, record, field, NULL, has);
    if (value < INT32_MIN || value > INT32_MAX)
        refuse_line(file, record->line, _("a number is too large"));
    return (int32_t)value;
}

// "true" or "false", in capitals as well: so spreadsheets write them.
static bool flag(const struct goal_file *file, const struct csv_record *record, int field,
                 protobuf_c_boolean *has)
{
    const char *text = cell(file, record, field);
    *has = text != NULL;
    bool yes = text && strcasecmp(text, "true") == 0;
    if (text && !yes && strcasecmp(text, "false") != 0)
        refuse_line(file, record->line,
                    context_text(file->context, _("\"%s\" is neither true nor false."), text));
    return yes;
}

static void read_version(const struct goal_file *file, const struct csv_record *record,
                         Tiejun__V1__GoalRow *goal)
{
    const char *made_at = cell(file, record, GOAL_MADE_AT);
    goal->version = small(file, record, GOAL_VERSION, &goal->has_version);
    goal->actor = cell(file, record, GOAL_ACTOR);
    if (!made_at)
        return;
    goal->made_at = context_room(file->context, 1, sizeof *goal->made_at);
    google__protobuf__timestamp__init(goal->made_at);
    if (!instant_parse(made_at, &goal->made_at->seconds, &goal->made_at->nanos))
        refuse_line(file, record->line,
                    context_text(file->context, _("\"%s\" is no instant."), made_at));
}

static void read_goal(const struct goal_file *file, const struct csv_record *record,
                      Tiejun__V1__GoalRow *goal)
{
    tiejun__v1__goal_row__init(goal);
    goal->has_line = true;
    goal->line = (int32_t)record->line;
    goal->unit = cell(file, record, GOAL_UNIT);
    goal->person = cell(file, record, GOAL_PERSON);
    goal->metric = cell(file, record, GOAL_METRIC);
    goal->from_date = cell(file, record, GOAL_FROM);
    goal->to_date = cell(file, record, GOAL_TO);
    char *currency = goal->currency = cell(file, record, GOAL_CURRENCY);
    goal->target = amount(file, record, GOAL_TARGET, currency, &goal->has_target);
    goal->stretch_milli = small(file, record, GOAL_STRETCH, &goal->has_stretch_milli);
    goal->stretched_target =
        amount(file, record, GOAL_STRETCHED, currency, &goal->has_stretched_target);
    goal->locked = flag(file, record, GOAL_LOCKED, &goal->has_locked);
    goal->method = cell(file, record, GOAL_METHOD);
    goal->rebalanced_from = cell(file, record, GOAL_REBALANCED);
    goal->done = amount(file, record, GOAL_DONE, currency, &goal->has_done);
    goal->seasons = cell(file, record, GOAL_SEASONS);
    goal->reason = cell(file, record, GOAL_REASON);
    if (file->batch.history)
        read_version(file, record, goal);
}

static void check_goal(const struct goal_file *file, const struct csv_record *record,
                       const Tiejun__V1__GoalRow *goal)
{
    if (!goal->metric || !goal->has_target)
        refuse_line(file, record->line, _("a goal needs a metric and a target"));
}

// ---- batches ----

static void tell_refused(const struct goal_file *file,
                         const Tiejun__V1__GoalServiceImportResponse *response)
{
    unsigned long count = 0;
    for (size_t i = 0; i < response->n_outcomes; i++) {
        const Tiejun__V1__GoalOutcome *outcome = response->outcomes[i];
        if (outcome->code && count++ < REFUSED_TOLD)
            say_in(file->context, TABLE_BAD, _("line %d: %s"), (int)outcome->line,
                   or_empty(outcome->message));
    }
    if (count > 0)
        refuse(what_was_taken(file),
               ngettext("%lu line of %s is refused.", "%lu lines of %s are refused.", count), count,
               file->path);
}

static void send_batch(struct goal_file *file)
{
    if (file->batch.n_goals == 0)
        return;
    int code = COMMAND_DONE;
    const Tiejun__V1__GoalServiceImportResponse *response =
        context_try(file->context, "tiejun.v1.GoalService.Import", &file->batch.base, &code);
    if (!response)
        refuse(what_was_taken(file), _("The daemon refused it, see above."));
    tell_refused(file, response);
    for (size_t i = 0; i < response->n_outcomes; i++)
        file->changed += response->outcomes[i]->changed;
    if (!file->batch.dry_run)
        file->taken += file->batch.n_goals;
    file->batch.n_goals = 0;
    file->bytes = 0;
}

static bool same(const char *one, const char *other)
{
    return strcmp(or_empty(one), or_empty(other)) == 0;
}

static bool same_goal(const Tiejun__V1__GoalRow *one, const Tiejun__V1__GoalRow *other)
{
    return same(one->unit, other->unit) && same(one->person, other->person) &&
           same(one->metric, other->metric) && same(one->from_date, other->from_date) &&
           same(one->to_date, other->to_date) && same(one->currency, other->currency);
}

// The versions of one goal go together, a few beyond what a batch takes.
static void add(struct goal_file *file, Tiejun__V1__GoalRow *goal)
{
    Tiejun__V1__GoalServiceImportRequest *batch = &file->batch;
    bool full = batch->n_goals >= BATCH_ROWS || file->bytes >= BATCH_BYTES;
    if (full &&
        (!same_goal(goal, batch->goals[batch->n_goals - 1]) || batch->n_goals == 2 * BATCH_ROWS))
        send_batch(file);
    batch->goals[batch->n_goals++] = goal;
    file->bytes += tiejun__v1__goal_row__get_packed_size(goal);
    file->read++;
}

int goal_import(struct context *context, const struct options *options)
{
    struct goal_file file = {.context = context, .path = argument_text(options, 0)};
    struct csv_record record;
    enum csv_result result;
    open_file(&file);
    tiejun__v1__goal_service_import_request__init(&file.batch);
    file.batch.has_dry_run = file.batch.dry_run = options_flag(options, "dry-run");
    // Only an export with its history says when a version was made.
    file.batch.has_history = file.batch.history = file.columns[GOAL_MADE_AT] >= 0;
    file.batch.goals = context_room(context, 2 * BATCH_ROWS, sizeof *file.batch.goals);
    while ((result = csv_reader_next(file.reader, &record)) == CSV_RECORD) {
        Tiejun__V1__GoalRow *goal = context_room(context, 1, sizeof *goal);
        if (record.problem)
            refuse_line(&file, record.line, record.problem);
        read_goal(&file, &record, goal);
        check_goal(&file, &record, goal);
        add(&file, goal);
    }
    if (result == CSV_FAILED)
        refuse(what_was_taken(&file), "%s", csv_reader_error(file.reader));
    csv_reader_close(file.reader);
    send_batch(&file);
    say(context, ngettext("%lu line read.", "%lu lines read.", file.read), file.read);
    say(context,
        file.batch.dry_run
            ? ngettext("%lu version would be made.", "%lu versions would be made.", file.changed)
            : ngettext("%lu version made.", "%lu versions made.", file.changed),
        file.changed);
    if (file.batch.dry_run)
        say_in(context, TABLE_DIM, "%s", _("Nothing was changed."));
    return COMMAND_DONE;
}
