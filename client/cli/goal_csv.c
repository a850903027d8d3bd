// tiejun goal export, import: goals as CSV, which comes in as it went out.

#include "client/cli/command.h"
#include "client/cli/confirm.h"
#include "client/cli/context.h"
#include "client/cli/goal.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/csv_reader.h"
#include "client/lib/render.h"
#include "client/lib/words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define GOALS_MAX 1000000

enum {
    FIELD_UNIT,
    FIELD_PERSON,
    FIELD_METRIC,
    FIELD_FROM,
    FIELD_TO,
    FIELD_CURRENCY,
    FIELD_TARGET,
    FIELD_STRETCH,
    FIELD_STRETCHED,
    FIELD_LOCKED,
    FIELD_REASON,
    // Below: told, and not read again.
    FIELD_METHOD,
    FIELD_VERSION,
    FIELD_ACTOR,
    FIELDS,
};

static const struct table_column columns[] = {
    [FIELD_UNIT] = {"unit", N_("unit"), TABLE_TRUNCATE | TABLE_IF_ANY},
    [FIELD_PERSON] = {"person", N_("person"), TABLE_TRUNCATE | TABLE_IF_ANY},
    [FIELD_METRIC] = {"metric", N_("metric"), 0},
    [FIELD_FROM] = {"from_date", N_("from"), 0},
    [FIELD_TO] = {"to_date", N_("to"), 0},
    [FIELD_CURRENCY] = {"currency", "", TABLE_IF_ANY},
    [FIELD_TARGET] = {"target", N_("target"), TABLE_RIGHT},
    [FIELD_STRETCH] = {"stretch_milli", "", TABLE_CSV_ONLY},
    [FIELD_STRETCHED] = {"stretched_target", "", TABLE_CSV_ONLY},
    [FIELD_LOCKED] = {"locked", "", TABLE_CSV_ONLY},
    [FIELD_REASON] = {"reason", "", TABLE_CSV_ONLY},
    [FIELD_METHOD] = {"method", "", TABLE_CSV_ONLY},
    [FIELD_VERSION] = {"version", N_("v."), TABLE_RIGHT},
    [FIELD_ACTOR] = {"actor", "", TABLE_CSV_ONLY},
    {NULL, NULL, 0},
};

// ---- export ----

const struct option_spec goal_export_options[] = {
    UNIT_OPTION,
    {"metric", 'm', OPTION_STRING, N_("METRIC"), N_("One metric; all if not given")},
    RANGE_OPTIONS,
    OPTIONS_END,
};

static void fill_goal(struct table *table, const Tiejun__V1__Goal *goal)
{
    char number[32];
    size_t row = table_add(table);
    table_set(table, row, FIELD_UNIT, goal->unit);
    table_set(table, row, FIELD_PERSON, goal->person);
    table_set(table, row, FIELD_METRIC, goal->metric);
    table_set(table, row, FIELD_FROM, goal->from_date);
    table_set(table, row, FIELD_TO, goal->to_date);
    table_set(table, row, FIELD_CURRENCY, goal->currency);
    table_set_money(table, row, FIELD_TARGET, goal->target, goal->currency);
    snprintf(number, sizeof number, "%d", goal->stretch_milli);
    table_set(table, row, FIELD_STRETCH, goal->has_stretch_milli ? number : NULL);
    table_set_money(table, row, FIELD_STRETCHED, goal->stretched_target, goal->currency);
    table_set(table, row, FIELD_LOCKED, goal->locked ? "true" : "false");
    table_set(table, row, FIELD_REASON, goal->reason);
    table_set(table, row, FIELD_METHOD, goal->method);
    table_set_count(table, row, FIELD_VERSION, goal->version);
    table_set(table, row, FIELD_ACTOR, goal->actor);
}

// A file is what is asked for: CSV unless --json says otherwise.
int goal_export(struct context *context, const struct options *options)
{
    Tiejun__V1__GoalServiceListRequest request = TIEJUN__V1__GOAL_SERVICE_LIST_REQUEST__INIT;
    request.unit = unit_text(options);
    request.metric = option_text(options, "metric");
    context_range(context, options, &request.from_date, &request.to_date);
    const Tiejun__V1__GoalServiceListResponse *response =
        context_call_pages(context, "tiejun.v1.GoalService.List", &request.base, GOALS_MAX);
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    struct table *table = table_new(columns);
    for (size_t i = 0; i < response->n_goals; i++)
        fill_goal(table, response->goals[i]);
    table_print_csv(table, stdout);
    table_free(table);
    return COMMAND_DONE;
}

// ---- import ----

const struct option_spec goal_import_options[] = {
    {"dry-run", 0, OPTION_FLAG, NULL, N_("Read the file and change nothing")},
    OPTIONS_END,
};

struct goal_file {
    const char *path;
    struct csv_reader *reader;
    // Of each field; negative where the file has no such column.
    int columns[FIELDS];
};

static void open_file(struct goal_file *file)
{
    char error[512];
    const struct csv_settings settings = {TEXT_ENCODING_AUTO, 0};
    file->reader = csv_reader_open(file->path, &settings, error, sizeof error);
    if (!file->reader)
        refuse(NULL, "%s", error);
    for (int i = 0; i < FIELDS; i++)
        file->columns[i] = csv_reader_column(file->reader, columns[i].key);
    static const int needed[] = {FIELD_METRIC, FIELD_FROM, FIELD_TO, FIELD_TARGET};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        if (file->columns[needed[i]] < 0)
            refuse(_("tiejun goal export shows what a file looks like."),
                   _("%s has no column \"%s\"."), file->path, columns[needed[i]].key);
    }
}

// NULL for an empty cell or a column that is not there.
static char *cell(struct context *context, const struct goal_file *file,
                  const struct csv_record *record, int field)
{
    int column = file->columns[field];
    const char *text =
        column >= 0 && (size_t)column < record->count ? record->fields[column] : NULL;
    return text && *text ? context_text(context, "%s", text) : NULL;
}

static void refuse_line(const struct goal_file *file, int64_t line, const char *problem)
    __attribute__((noreturn));

static void refuse_line(const struct goal_file *file, int64_t line, const char *problem)
{
    refuse(_("Nothing of this line was taken; those before it were."),
           _("%s, line %" PRId64 ": %s"), file->path, line, problem);
}

static int64_t amount(const struct goal_file *file, const struct csv_record *record,
                      const char *text, const char *currency)
{
    int64_t value;
    char *end = NULL;
    if (currency ? money_parse(text, currency, &value)
                 : (value = strtoll(text, &end, 10), end != text && !*end))
        return value;
    refuse_line(file, record->line, text);
}

static void read_goal(struct context *context, const struct goal_file *file,
                      const struct csv_record *record, Tiejun__V1__GoalServiceSetRequest *goal)
{
    tiejun__v1__goal_service_set_request__init(goal);
    goal->unit = cell(context, file, record, FIELD_UNIT);
    goal->person = cell(context, file, record, FIELD_PERSON);
    goal->metric = cell(context, file, record, FIELD_METRIC);
    goal->from_date = cell(context, file, record, FIELD_FROM);
    goal->to_date = cell(context, file, record, FIELD_TO);
    goal->currency = cell(context, file, record, FIELD_CURRENCY);
    goal->reason = cell(context, file, record, FIELD_REASON);
    const char *target = cell(context, file, record, FIELD_TARGET);
    const char *stretch = cell(context, file, record, FIELD_STRETCH);
    const char *stretched = cell(context, file, record, FIELD_STRETCHED);
    const char *locked = cell(context, file, record, FIELD_LOCKED);
    goal->has_target = target != NULL;
    goal->target = target ? amount(file, record, target, goal->currency) : 0;
    goal->has_stretch_milli = stretch != NULL;
    goal->stretch_milli = stretch ? (int32_t)amount(file, record, stretch, NULL) : 0;
    goal->has_stretched_target = stretched != NULL;
    goal->stretched_target = stretched ? amount(file, record, stretched, goal->currency) : 0;
    goal->has_locked = locked != NULL;
    goal->locked = locked && strcmp(locked, "true") == 0;
}

// Money without a currency in the file is in the unit's own, whose decimals nobody here knows.
static void check_goal(struct context *context, const struct goal_file *file,
                       const struct csv_record *record,
                       const Tiejun__V1__GoalServiceSetRequest *goal)
{
    if (record->problem)
        refuse_line(file, record->line, record->problem);
    if (!goal->metric || !goal->has_target)
        refuse_line(file, record->line, _("a goal needs a metric and a target"));
    if (!goal->currency && context_metric_is_money(context, goal->metric))
        refuse_line(file, record->line, _("money needs a currency"));
}

int goal_import(struct context *context, const struct options *options)
{
    struct goal_file file = {.path = argument_text(options, 0)};
    struct csv_record record;
    enum csv_result result;
    unsigned long count = 0;
    bool dry_run = options_flag(options, "dry-run");
    open_file(&file);
    while ((result = csv_reader_next(file.reader, &record)) == CSV_RECORD) {
        Tiejun__V1__GoalServiceSetRequest goal;
        int code = COMMAND_DONE;
        read_goal(context, &file, &record, &goal);
        check_goal(context, &file, &record, &goal);
        if (!dry_run && !context_try(context, "tiejun.v1.GoalService.Set", &goal.base, &code))
            refuse_line(&file, record.line, _("the daemon refused it, see above"));
        count++;
    }
    if (result == CSV_FAILED)
        refuse(NULL, "%s", csv_reader_error(file.reader));
    csv_reader_close(file.reader);
    say(context, ngettext("%lu goal read.", "%lu goals read.", count), count);
    if (dry_run)
        say_in(context, TABLE_DIM, "%s", _("Nothing was changed."));
    return COMMAND_DONE;
}
