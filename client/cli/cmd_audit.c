// tiejun audit: who did what, and what was refused.

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/render.h"
#include "client/lib/words.h"
#include "common/instant.h"
#include "common/money.h"
#include "tiejun/v1/audit.pb-c.h"

#include <jansson.h>
#include <string.h>

enum { CHANGE_SIZE = 1024 };

enum {
    COLUMN_TIME,
    COLUMN_WHO,
    COLUMN_KIND,
    COLUMN_OBJECT,
    COLUMN_CHANGE,
    COLUMN_AT,
    COLUMN_METHOD,
    COLUMN_LENDER,
    COLUMN_ADDRESS,
    COLUMN_DEVICE,
    COLUMN_PERSON,
    COLUMN_UNIT,
    COLUMN_BEFORE,
    COLUMN_AFTER,
    COLUMN_REFUSAL
};

static const struct table_column columns[] = {
    {"time", N_("time"), 0},
    {"actor", N_("done by"), TABLE_WRAP},
    {"object_kind", N_("what"), 0},
    {"object", N_("about"), TABLE_WRAP},
    {"change", N_("change"), TABLE_WRAP},
    {"at", "", TABLE_CSV_ONLY},
    {"method", "", TABLE_CSV_ONLY},
    {"on_behalf_of", "", TABLE_CSV_ONLY},
    {"address", "", TABLE_CSV_ONLY},
    {"device", "", TABLE_CSV_ONLY},
    {"person", "", TABLE_CSV_ONLY},
    {"unit", "", TABLE_CSV_ONLY},
    {"before", "", TABLE_CSV_ONLY},
    {"after", "", TABLE_CSV_ONLY},
    {"refusal", "", TABLE_CSV_ONLY},
    {NULL, NULL, 0},
};

// A text that grows to its size and no further.
struct line {
    char text[CHANGE_SIZE];
    size_t length;
};

__attribute__((format(printf, 2, 3))) static void line_add(struct line *line, const char *format,
                                                           ...)
{
    va_list arguments;
    va_start(arguments, format);
    size_t room = sizeof line->text - line->length;
    int wanted = vsnprintf(line->text + line->length, room, format, arguments);
    va_end(arguments);
    if (wanted > 0)
        line->length += (size_t)wanted < room ? (size_t)wanted : room - 1;
}

// The first of several, and how many there are: --json has them all.
static void add_list(struct line *line, const json_t *list)
{
    const char *first = json_string_value(json_array_get(list, 0));
    size_t count = json_array_size(list);
    if (count > 1)
        line_add(line, _("%s and %zu more"), or_empty(first), count - 1);
    else
        line_add(line, "%s", or_empty(first));
}

// The currency of a goal, which is told with it behind the metric and before the period: "/West
// revenue CNY 2026-07-01..2026-09-30". NULL for one that counts.
static const char *goal_currency(struct context *context, const char *object)
{
    const char *period = strrchr(object, ' ');
    char *words = context_text(context, "%.*s", period ? (int)(period - object) : 0, object);
    const char *last = strrchr(words, ' ');
    return last && currency_valid(last + 1) ? last + 1 : NULL;
}

// What a goal keeps in its currency's smallest unit.
static bool is_figure(const Tiejun__V1__AuditRow *row, const char *key)
{
    static const char *const figures[] = {"target", "stretched_target", "done"};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        if (strcmp(key, figures[i]) == 0)
            return strcmp(or_empty(row->object_kind), "goal") == 0;
    }
    return false;
}

// A value as a person reads it: an instant in the office's time. Dates without an end are kept as
// PostgreSQL writes them.
static void add_value(struct context *context, struct line *line, const Tiejun__V1__AuditRow *row,
                      const char *key, const json_t *value)
{
    char shown[WORD_SIZE];
    Google__Protobuf__Timestamp instant = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
    const char *text = json_string_value(value);
    if (text && instant_parse(text, &instant.seconds, &instant.nanos)) {
        line_add(line, "%s", context_time_of(context, &instant));
    } else if (text && strcmp(text, "infinity") == 0) {
        line_add(line, "%s", _("no end"));
    } else if (text) {
        line_add(line, "%s", strchr(text, '_') ? word(text, shown) : text);
    } else if (json_is_array(value) && json_is_string(json_array_get(value, 0))) {
        add_list(line, value);
    } else if (json_is_integer(value) && is_figure(row, key)) {
        const char *currency = goal_currency(context, or_empty(row->object));
        line_add(line, "%s",
                 render_money(json_integer_value(value), currency, shown, sizeof shown));
    } else if (value) {
        char *packed = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
        line_add(line, "%s", packed ? packed : "");
        free(packed);
    } else {
        line_add(line, "–");
    }
}

static void add_key(struct context *context, struct line *line, const Tiejun__V1__AuditRow *row,
                    const char *key, const json_t *before, const json_t *after)
{
    char name[WORD_SIZE];
    line_add(line, "%s%s ", line->length ? "; " : "", word(key, name));
    if (before && after) {
        add_value(context, line, row, key, before);
        line_add(line, " → ");
    }
    add_value(context, line, row, key, after ? after : before);
}

static void describe_change(struct context *context, const Tiejun__V1__AuditRow *row,
                            struct line *line)
{
    json_t *before = row->before ? json_loads(row->before, 0, NULL) : NULL;
    json_t *after = row->after ? json_loads(row->after, 0, NULL) : NULL;
    const char *key;
    json_t *value;
    if (before && !after)
        line_add(line, "%s", _("removed"));
    json_object_foreach(after, key, value)
    {
        if (!json_equal(json_object_get(before, key), value))
            add_key(context, line, row, key, json_object_get(before, key), value);
    }
    json_object_foreach(before, key, value)
    {
        if (!json_object_get(after, key))
            add_key(context, line, row, key, value, NULL);
    }
    json_decref(before);
    json_decref(after);
}

static void fill_who(struct table *table, size_t number, const Tiejun__V1__AuditRow *row)
{
    char both[256];
    snprintf(both, sizeof both, _("%s for %s"), or_empty(row->actor), or_empty(row->on_behalf_of));
    const char *who = row->actor ? row->actor : or_empty(row->address);
    table_set_raw(table, number, COLUMN_WHO, row->on_behalf_of ? both : who, row->actor);
}

// "Goal.Set" for GoalService.Set: every service is one.
static const char *short_method(struct context *context, const char *method)
{
    const char *service = strstr(method, "Service.");
    return service ? context_text(context, "%.*s%s", (int)(service - method), method,
                                  service + strlen("Service"))
                   : method;
}

static void fill_row(struct context *context, struct table *table, const Tiejun__V1__AuditRow *row)
{
    struct line line = {.length = 0};
    char kind[WORD_SIZE];
    char instant[INSTANT_TEXT_SIZE];
    size_t number = table_add(table);
    table_set(table, number, COLUMN_TIME, row->local_time);
    fill_who(table, number, row);
    if (row->refusal) {
        line_add(&line, _("refused: %s"), row->refusal);
        table_set_colour(table, number, COLUMN_CHANGE, TABLE_BAD);
    } else {
        describe_change(context, row, &line);
    }
    table_set_raw(table, number, COLUMN_KIND,
                  row->refusal ? short_method(context, or_empty(row->method))
                               : word(or_empty(row->object_kind), kind),
                  row->object_kind);
    table_set(table, number, COLUMN_OBJECT, row->object);
    table_set(table, number, COLUMN_CHANGE, line.text);
    if (row->at && instant_format(row->at->seconds, row->at->nanos, instant))
        table_set(table, number, COLUMN_AT, instant);
    table_set(table, number, COLUMN_METHOD, row->method);
    table_set(table, number, COLUMN_LENDER, row->on_behalf_of);
    table_set(table, number, COLUMN_ADDRESS, row->address);
    table_set(table, number, COLUMN_DEVICE, row->device);
    table_set(table, number, COLUMN_PERSON, row->person);
    table_set(table, number, COLUMN_UNIT, row->unit);
    table_set(table, number, COLUMN_BEFORE, row->before);
    table_set(table, number, COLUMN_AFTER, row->after);
    table_set(table, number, COLUMN_REFUSAL, row->refusal);
}

static const struct option_spec audit_options[] = {
    PERSON_OPTION,
    {"unit", 'u', OPTION_STRING, N_("UNIT"), N_("Only what concerned this unit or its people")},
    {"object", 'o', OPTION_STRING, N_("TEXT"), N_("Only what was about this: a name, or \"goal\"")},
    RANGE_OPTIONS,
    {"refused", 0, OPTION_FLAG, NULL, N_("Only what was refused")},
    LIMIT_OPTION,
    OPTIONS_END,
};

static int audit(struct context *context, const struct options *options)
{
    Tiejun__V1__AuditServiceListRequest request = TIEJUN__V1__AUDIT_SERVICE_LIST_REQUEST__INIT;
    request.person = option_text(options, "person");
    request.unit = option_text(options, "unit");
    request.object = option_text(options, "object");
    context_range(context, options, &request.from_date, &request.to_date);
    request.has_refused = options_flag(options, "refused");
    request.refused = request.has_refused;
    const Tiejun__V1__AuditServiceListResponse *response = context_call_pages(
        context, "tiejun.v1.AuditService.List", &request.base, context_limit(options));
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    struct table *table = table_new(columns);
    for (size_t i = 0; i < response->n_rows; i++)
        fill_row(context, table, response->rows[i]);
    if (response->n_rows == 0)
        say(context, "%s", _("Nothing of that kind was done or refused."));
    context_print_table(context, table);
    say_more(context, response->next_cursor);
    return COMMAND_DONE;
}

const struct command audit_commands[] = {
    {"audit", NULL, N_("Who did what, and what was refused, newest first"),
     N_("[--person HANDLE] [--unit UNIT] [--object TEXT] [--period PERIOD] [--refused]"),
     N_("tiejun audit --unit /West --period this-week"), audit_options, 0, 0, audit},
    {0},
};
