// tiejun day: one day of one rep against the standard (domain.md 2.1, 3.2).

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/fact_table.h"
#include "client/cli/offline.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/refresh.h"
#include "client/lib/render.h"
#include "client/lib/session.h"
#include "client/lib/words.h"
#include "common/arena.h"
#include "common/money.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BAR_CELLS 16
#define BAR_SIZE 128

enum {
    COLUMN_METRIC,
    COLUMN_BAR,
    COLUMN_EFFECTIVE,
    COLUMN_STANDARD,
    COLUMN_DONE,
    COLUMN_CURRENCY,
};

static const struct table_column columns[] = {
    [COLUMN_METRIC] = {"metric", "", 0},
    [COLUMN_BAR] = {"bar", "", TABLE_SCREEN_ONLY | TABLE_DROP},
    [COLUMN_EFFECTIVE] = {"effective", N_("effective"), TABLE_RIGHT},
    [COLUMN_STANDARD] = {"standard", N_("standard"), TABLE_RIGHT | TABLE_IF_ANY},
    [COLUMN_DONE] = {"done", N_("done"), TABLE_RIGHT},
    [COLUMN_CURRENCY] = {"currency", "", TABLE_IF_ANY},
    {NULL, NULL, 0},
};

static void fill_metric(struct table *table, const Tiejun__V1__DayMetric *metric)
{
    char name[WORD_SIZE];
    char bar[BAR_SIZE];
    size_t row = table_add(table);
    table_set_raw(table, row, COLUMN_METRIC, word(metric->metric, name), metric->metric);
    table_set_money(table, row, COLUMN_EFFECTIVE, metric->effective, metric->currency);
    table_set_money(table, row, COLUMN_DONE, metric->done, metric->currency);
    table_set(table, row, COLUMN_CURRENCY, metric->currency);
    // A day off asks for nothing.
    if (!metric->has_standard || metric->standard <= 0)
        return;
    bool reached = metric->effective >= metric->standard;
    table_set_money(table, row, COLUMN_STANDARD, metric->standard, metric->currency);
    table_set(table, row, COLUMN_BAR,
              render_bar(metric->effective, metric->standard, BAR_CELLS, bar, sizeof bar));
    table_set_colour(table, row, COLUMN_BAR, reached ? TABLE_GOOD : TABLE_WARN);
}

static const char *day_kind(int32_t factor_milli, int32_t away_milli)
{
    if (factor_milli <= 0)
        return away_milli > 0 ? _("day of leave") : _("day off");
    return factor_milli < 1000 ? _("half a working day") : _("working day");
}

static void print_heading(struct context *context,
                          const Tiejun__V1__FactServiceShowDayResponse *response)
{
    char day[64];
    bool named = response->day_name && *response->day_name;
    say_in(context, TABLE_BOLD, _("%s (%s), %s"), or_empty(response->person_name),
           or_empty(response->person), or_empty(response->unit));
    const char *kind = day_kind(response->factor_milli, response->away_milli);
    if (response->has_factor_milli)
        say(context, _("%s, %s"), render_date(response->date, day, sizeof day),
            named ? context_text(context, _("%s: %s"), kind, response->day_name) : kind);
    else
        say(context, "%s", render_date(response->date, day, sizeof day));
    say(context, "%s", "");
}

// What waits for an approval (domain.md 3.4).
static void print_pending(struct context *context,
                          const Tiejun__V1__FactServiceShowDayResponse *response)
{
    struct fact_table_style style = {.hide_date = true, .hide_person = true, .pending = true};
    if (response->n_pending == 0)
        return;
    if (response->n_facts > 0)
        say(context, "%s", "");
    say_in(context, TABLE_WARN,
           ngettext("%zu fact waits for an approval and is not counted:",
                    "%zu facts wait for an approval and are not counted:",
                    (unsigned long)response->n_pending),
           response->n_pending);
    context_print_table(context, fact_table(response->pending, response->n_pending, style));
}

static void print_day(struct context *context,
                      const Tiejun__V1__FactServiceShowDayResponse *response)
{
    print_heading(context, response);
    struct table *table = table_new(columns);
    for (size_t i = 0; i < response->n_metrics; i++)
        fill_metric(table, response->metrics[i]);
    context_print_table(context, table);
    if (context_mode(context) == OUTPUT_CSV)
        return;
    if (response->n_metrics > 0)
        say(context, "%s", "");
    if (response->n_facts + response->n_pending == 0)
        say(context, "%s", _("Nothing was logged on this day."));
    struct fact_table_style style = {.hide_date = true, .hide_person = true};
    context_print_table(context, fact_table(response->facts, response->n_facts, style));
    print_pending(context, response);
}

// ---- without the daemon, and what it does not know yet ----

// What was not said to be of another time was when it was logged, by this machine's clock.
static Google__Protobuf__Timestamp *occurred_at(struct context *context,
                                                const Tiejun__V1__Fact *fact)
{
    const Google__Protobuf__Timestamp *at = fact->occurred_at;
    const Google__Protobuf__Timestamp *recorded = fact->recorded_at;
    bool by_clock =
        at && recorded && at->seconds == recorded->seconds && at->nanos == recorded->nanos;
    return by_clock ? offline_put_right(context, at) : fact->occurred_at;
}

static Tiejun__V1__FactRecord *record_of(struct context *context, const Tiejun__V1__Fact *fact)
{
    Tiejun__V1__FactRecord *record = arena_alloc(context_arena(context), sizeof *record);
    if (!record)
        abort();
    tiejun__v1__fact_record__init(record);
    record->id = fact->id;
    record->has_kind = true;
    record->kind = fact->kind;
    record->occurred_at = occurred_at(context, fact);
    record->local_date = fact->date ? fact->date : context_day_of(context, record->occurred_at);
    record->local_time = fact->date ? NULL : context_clock_of(context, record->occurred_at);
    record->customer = fact->customer;
    record->has_amount_minor = fact->has_amount_minor;
    record->amount_minor = fact->amount_minor;
    record->currency = fact->currency;
    record->summary = fact->outcome ? fact->outcome : fact->purpose ? fact->purpose : fact->subject;
    record->note = fact->note;
    return record;
}

static bool is_of(const Tiejun__V1__Fact *fact, const char *person)
{
    return !fact->person || (person && strcmp(fact->person, person) == 0);
}

static bool is_among(Tiejun__V1__FactRecord *const *facts, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++) {
        if (facts[i]->id && strcmp(facts[i]->id, id) == 0)
            return true;
    }
    return false;
}

// Whether a fact of the outbox belongs on that day, and is not there already.
static bool is_missing(const Tiejun__V1__FactServiceShowDayResponse *day,
                       const Tiejun__V1__Fact *fact, const Tiejun__V1__FactRecord *record)
{
    return is_of(fact, day->person) && record->local_date && day->date &&
           strcmp(record->local_date, day->date) == 0 &&
           !is_among(day->facts, day->n_facts, record->id) &&
           !is_among(day->pending, day->n_pending, record->id);
}

// A void bears no customer; NULL when the fact that it takes back is not among the day's.
static char *customer_of(const Tiejun__V1__FactServiceShowDayResponse *day, const char *id)
{
    for (size_t i = 0; id && i < day->n_facts; i++) {
        if (strcmp(or_empty(day->facts[i]->id), id) == 0)
            return day->facts[i]->customer;
    }
    return NULL;
}

// Puts those facts of the outbox that belong on that day below those that are in a list of it.
// Returns how many there are.
static size_t add_kept(struct context *context, const Tiejun__V1__FactServiceShowDayResponse *day,
                       const Tiejun__Client__OutboxFacts *kept, Tiejun__V1__FactRecord ***list,
                       size_t *count)
{
    const Tiejun__V1__FactServiceShowDayResponse before = *day;
    size_t size = *count;
    Tiejun__V1__FactRecord **facts =
        arena_alloc(context_arena(context), (size + kept->n_facts + 1) * sizeof(void *));
    if (!facts)
        abort();
    if (size > 0)
        memcpy(facts, *list, size * sizeof(void *));
    *list = facts;
    for (size_t i = 0; i < kept->n_facts; i++) {
        Tiejun__V1__FactRecord *record = record_of(context, kept->facts[i]->fact);
        if (!record->customer)
            record->customer = customer_of(&before, kept->facts[i]->fact->voids);
        if (is_missing(&before, kept->facts[i]->fact, record))
            facts[(*count)++] = record;
    }
    return *count - size;
}

// What waits to be sent. Returns how many facts there are.
static size_t add_waiting(struct context *context, Tiejun__V1__FactServiceShowDayResponse *day)
{
    Tiejun__Client__OutboxFacts waiting;
    struct outbox *outbox = offline_outbox_if_any(context);
    if (!outbox || !outbox_list(outbox, OUTBOX_WAITING, context_arena(context), &waiting))
        return 0;
    return add_kept(context, day, &waiting, &day->facts, &day->n_facts);
}

// What waits for an approval, as far as it was sent from here.
static void add_pending(struct context *context, Tiejun__V1__FactServiceShowDayResponse *day)
{
    Tiejun__Client__OutboxFacts pending;
    struct outbox *outbox = offline_outbox_if_any(context);
    if (outbox && outbox_list_pending(outbox, context_arena(context), &pending))
        add_kept(context, day, &pending, &day->pending, &day->n_pending);
}

// A day that was not asked for when the daemon was there: the last one's person and standards, and
// nothing done.
static Tiejun__V1__FactServiceShowDayResponse *
begun_day(struct context *context, Tiejun__V1__FactServiceShowDayResponse *last, char *date)
{
    last->date = date;
    last->day_name = NULL;
    last->has_factor_milli = last->has_away_milli = false;
    last->n_facts = last->n_pending = 0;
    for (size_t i = 0; i < last->n_metrics; i++)
        last->metrics[i]->done = last->metrics[i]->effective = 0;
    last->person = context_whoami(context)->person;
    return last;
}

// From the copy; ends the program when it has none of that person.
static Tiejun__V1__FactServiceShowDayResponse *
day_from_copy(struct context *context, const Tiejun__V1__FactServiceShowDayRequest *request,
              const struct session_error *error)
{
    int64_t came;
    offline_know_self(context);
    const char *self = context_whoami(context)->person;
    char *date = request->date ? request->date : context_date(context, "today");
    struct copy *copy = offline_copy(context);
    Tiejun__V1__FactServiceShowDayResponse *day = NULL;
    if (!request->person || (self && strcmp(request->person, self) == 0))
        day = kept_day(copy, context_arena(context), date, &came);
    bool begun = !day && !request->person;
    if (begun)
        day = kept_day(copy, context_arena(context), NULL, &came);
    // Of days before the last one nothing is known.
    if (!day || (begun && strcmp(or_empty(day->date), date) > 0))
        exit(context_complain(error));
    offline_say_age(context, error, came);
    return begun ? begun_day(context, day, date) : day;
}

static void print_waiting(struct context *context, size_t count)
{
    if (count == 0)
        return;
    say_in(context, TABLE_WARN,
           ngettext("%zu fact is not synced and not counted yet.",
                    "%zu facts are not synced and not counted yet.", (unsigned long)count),
           count);
}

static const struct option_spec day_options[] = {PERSON_OPTION, OPTIONS_END};

static int day(struct context *context, const struct options *options)
{
    struct session_error error;
    Tiejun__V1__FactServiceShowDayRequest request = TIEJUN__V1__FACT_SERVICE_SHOW_DAY_REQUEST__INIT;
    bool online = offline_reach(context, &error);
    if (!online)
        offline_know_self(context);
    request.person = option_text(options, "person");
    request.date = context_date(context, argument_text(options, 0));
    Tiejun__V1__FactServiceShowDayResponse *response =
        online ? context_call(context, "tiejun.v1.FactService.ShowDay", &request.base)
               : day_from_copy(context, &request, &error);
    if (!online && !request.person)
        add_pending(context, response);
    size_t waiting = request.person ? 0 : add_waiting(context, response);
    if (!context_print_json(context, &response->base)) {
        print_day(context, response);
        print_waiting(context, waiting);
    }
    offline_renew(context);
    return COMMAND_DONE;
}

const struct command day_commands[] = {
    {"day", NULL, N_("A rep's day against the standard, and what was done"),
     N_("[DATE] [--person HANDLE]"), "tiejun day\ntiejun day yesterday --person li.wei",
     day_options, 0, 1, day},
    {0},
};
