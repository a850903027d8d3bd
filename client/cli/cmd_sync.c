// tiejun sync: what waits on this machine, and what the daemon refused (architecture.md "The
// clients").

#include "client/cli/command.h"
#include "client/cli/confirm.h"
#include "client/cli/context.h"
#include "client/cli/offline.h"
#include "client/cli/say.h"
#include "client/cli/short_id.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/json.h"
#include "client/lib/words.h"
#include "common/arena.h"
#include "common/instant.h"
#include "common/uuid.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define SET_MOST 32
// A clock that is less off than this is right enough to say nothing about it.
#define CLOCK_SAID_MS 60000

// ---- status ----

static Tiejun__Client__OutboxStatus *read_status(struct context *context)
{
    struct outbox *outbox = offline_outbox(context);
    Tiejun__Client__OutboxStatus *status = arena_alloc(context_arena(context), sizeof *status);
    if (!status || !outbox_status(outbox, context_arena(context), status))
        refuse(NULL, _("The outbox %s cannot be read: %s."), outbox_file(outbox),
               outbox_reason(outbox));
    status->file = (char *)outbox_file(outbox);
    return status;
}

static void say_counts(struct context *context, int64_t waiting, int64_t refused)
{
    if (waiting == 0)
        say_in(context, TABLE_GOOD, "%s",
               refused == 0 ? _("Everything is synced.") : _("Nothing waits to be sent."));
    else
        say_in(context, TABLE_WARN,
               ngettext("%lld fact waits to be sent.", "%lld facts wait to be sent.",
                        (unsigned long)waiting),
               (long long)waiting);
    if (refused > 0)
        say_in(context, TABLE_BAD,
               ngettext("%lld fact was refused: tiejun sync rejected",
                        "%lld facts were refused: tiejun sync rejected", (unsigned long)refused),
               (long long)refused);
}

static void say_failing(struct context *context, int64_t failing)
{
    if (failing > 0)
        say_in(context, TABLE_WARN,
               ngettext("The daemon failed on %lld of them, which is tried again by itself; its "
                        "log says why.",
                        "The daemon failed on %lld of them, which are tried again by themselves; "
                        "its log says why.",
                        (unsigned long)failing),
               (long long)failing);
}

static void say_pending(struct context *context, int64_t pending)
{
    if (pending > 0)
        say_in(context, TABLE_WARN,
               ngettext("%lld fact waits for an approval: tiejun fact pending",
                        "%lld facts wait for an approval: tiejun fact pending",
                        (unsigned long)pending),
               (long long)pending);
}

// As exact as anybody wants it.
static const char *span(struct context *context, int64_t ms)
{
    long long minutes = (ms + 30000) / 60000;
    long long hours = minutes / 60;
    if (hours == 0)
        return context_text(context, _("%lld min"), minutes);
    if (hours < 24)
        return context_text(context, _("%lld h %lld min"), hours, minutes % 60);
    return context_text(context, _("%lld d %lld h"), hours / 24, hours % 24);
}

static void say_clock(struct context *context, int64_t ahead_ms)
{
    if (ahead_ms >= CLOCK_SAID_MS)
        say_in(context, TABLE_WARN,
               _("This machine's clock is %s ahead; times are put right as they are sent."),
               span(context, ahead_ms));
    if (ahead_ms <= -CLOCK_SAID_MS)
        say_in(context, TABLE_WARN,
               _("This machine's clock is %s behind; times are put right as they are sent."),
               span(context, -ahead_ms));
}

static void print_status(struct context *context, const Tiejun__Client__OutboxStatus *status)
{
    say_counts(context, status->waiting, status->refused);
    say_failing(context, status->failing);
    say_pending(context, status->pending);
    if (status->waiting_since)
        say(context, _("The first one was logged at %s."),
            context_time_of(context, offline_put_right(context, status->waiting_since)));
    if (status->synced_at)
        say(context, _("Last synced at %s."),
            context_time_of(context, offline_put_right(context, status->synced_at)));
    say_clock(context, status->clock_ahead_ms);
    say_whole(context, TABLE_DIM, status->file);
}

static int sync_status_command(struct context *context, const struct options *options)
{
    (void)options;
    const Tiejun__Client__OutboxStatus *status = read_status(context);
    if (context_print_json(context, &status->base))
        return COMMAND_DONE;
    offline_know_self(context);
    print_status(context, status);
    return COMMAND_DONE;
}

// ---- flush ----

static int flush(struct context *context)
{
    struct flush_result result;
    offline_flush(context, &result);
    result.counts.refused += offline_ask_again(context);
    const Tiejun__Client__OutboxStatus *status = read_status(context);
    bool json = context_print_json(context, &status->base);
    if (!json && result.counts.synced > 0)
        say_in(context, TABLE_GOOD,
               ngettext("%llu fact synced.", "%llu facts synced.",
                        (unsigned long)result.counts.synced),
               (unsigned long long)result.counts.synced);
    offline_say_refused(context, result.counts.refused);
    if (status->waiting > 0) {
        if (!json)
            print_status(context, status);
        context_complain_of(result.fault);
        return COMMAND_UNREACHABLE;
    }
    if (!json && result.counts.synced == 0 && result.counts.refused == 0)
        say(context, "%s", _("Nothing waits to be sent."));
    offline_renew(context);
    return result.counts.refused > 0 ? COMMAND_REFUSED : COMMAND_DONE;
}

static int sync_flush(struct context *context, const struct options *options)
{
    (void)options;
    offline_outbox(context);
    offline_know_self(context);
    return flush(context);
}

// ---- rejected ----

enum { COLUMN_ID, COLUMN_RECORDED, COLUMN_KIND, COLUMN_CUSTOMER, COLUMN_WHY, COLUMN_FIELD };

static const struct table_column columns[] = {
    [COLUMN_ID] = {"id", N_("id"), 0},
    [COLUMN_RECORDED] = {"recorded_at", N_("logged"), 0},
    [COLUMN_KIND] = {"kind", N_("what"), 0},
    [COLUMN_CUSTOMER] = {"customer", N_("customer"), TABLE_TRUNCATE},
    [COLUMN_WHY] = {"why", N_("why"), TABLE_WRAP},
    [COLUMN_FIELD] = {"field", "", TABLE_CSV_ONLY},
    {NULL, NULL, 0},
};

static const char *why(struct context *context, const Tiejun__V1__FactOutcome *outcome)
{
    if (!outcome->hint || !*outcome->hint)
        return outcome->message;
    return context_text(context, "%s %s", or_empty(outcome->message), outcome->hint);
}

static void fill_refused(struct context *context, struct table *table,
                         const Tiejun__Client__OutboxFact *refused)
{
    const Tiejun__V1__Fact *fact = refused->fact;
    const Tiejun__V1__FactOutcome *outcome = refused->outcome;
    char kind[WORD_SIZE];
    char code[WORD_SIZE];
    char recorded[INSTANT_TEXT_SIZE];
    size_t row = table_add(table);
    instant_format(refused->recorded_at->seconds, refused->recorded_at->nanos, recorded);
    table_set_raw(table, row, COLUMN_ID, short_id(fact->id), fact->id);
    table_set_raw(table, row, COLUMN_RECORDED, context_time_of(context, refused->recorded_at),
                  recorded);
    table_set_raw(table, row, COLUMN_KIND,
                  word_enum(&tiejun__v1__fact_kind__descriptor, fact->kind, kind),
                  word_code(&tiejun__v1__fact_kind__descriptor, fact->kind, code));
    table_set(table, row, COLUMN_CUSTOMER, fact->customer);
    table_set(table, row, COLUMN_WHY, outcome ? why(context, outcome) : NULL);
    table_set(table, row, COLUMN_FIELD, outcome ? outcome->field : NULL);
}

static Tiejun__Client__OutboxFacts *list_refused(struct context *context)
{
    struct outbox *outbox = offline_outbox(context);
    Tiejun__Client__OutboxFacts *facts = arena_alloc(context_arena(context), sizeof *facts);
    if (!facts || !outbox_list(outbox, OUTBOX_REFUSED, context_arena(context), facts))
        refuse(NULL, _("The outbox %s cannot be read: %s."), outbox_file(outbox),
               outbox_reason(outbox));
    return facts;
}

static int sync_rejected(struct context *context, const struct options *options)
{
    (void)options;
    offline_ask_again(context);
    const Tiejun__Client__OutboxFacts *facts = list_refused(context);
    if (context_print_json(context, &facts->base))
        return COMMAND_DONE;
    offline_know_self(context);
    if (facts->n_facts == 0)
        say(context, "%s", _("Nothing was refused."));
    struct table *table = table_new(columns);
    for (size_t i = 0; i < facts->n_facts; i++)
        fill_refused(context, table, facts->facts[i]);
    context_print_table(context, table);
    if (facts->n_facts == 0)
        return COMMAND_DONE;
    say_in(context, TABLE_DIM, "%s", _("To mend one and send it again, or to give it up:"));
    say_in(context, TABLE_DIM, "  tiejun sync retry ID --set minutes=20");
    say_in(context, TABLE_DIM, "  tiejun sync drop ID");
    return COMMAND_DONE;
}

// ---- retry ----

static const Tiejun__Client__OutboxFact *find_refused(struct context *context, const char *id)
{
    const Tiejun__Client__OutboxFacts *facts = list_refused(context);
    for (size_t i = 0; i < facts->n_facts; i++) {
        const Tiejun__V1__Fact *fact = facts->facts[i]->fact;
        if (strcasecmp(fact->id, id) == 0 || strcasecmp(short_id(fact->id), id) == 0)
            return facts->facts[i];
    }
    refuse(_("See them with: tiejun sync rejected"), _("No refused fact has the id %s."), id);
}

static const struct option_spec retry_options[] = {
    {"set", 's', OPTION_LIST, N_("FIELD=VALUE"),
     N_("Mend a field first: date, customer, minutes, outcome, next_step, amount_minor and others, "
        "which a wrong name lists; may be given again")},
    OPTIONS_END,
};

// The fields that can be set: "date, customer, ...". The device's own are not among them.
static const char *field_list(struct context *context)
{
    static const char *const fixed[] = {"id", "person", "recorded_at", "device_recorded_at"};
    const char *list = NULL;
    for (unsigned i = 0; i < tiejun__v1__fact__descriptor.n_fields; i++) {
        const char *name = tiejun__v1__fact__descriptor.fields[i].name;
        bool settable = true;
        for (size_t k = 0; k < sizeof fixed / sizeof *fixed; k++)
            settable = settable && strcmp(name, fixed[k]) != 0;
        if (settable)
            list = list ? context_text(context, "%s, %s", list, name) : name;
    }
    return list;
}

static void check_setting(struct context *context, const char *text)
{
    const char *equals = strchr(text, '=');
    if (!equals || equals == text)
        refuse_usage(_("\"%s\" is not FIELD=VALUE."), text);
    const char *field = context_text(context, "%.*s", (int)(equals - text), text);
    if (strcasecmp(field, "id") == 0)
        refuse_usage("%s", _("A fact keeps its id; log another one instead."));
    if (!protobuf_c_message_descriptor_get_field_by_name(&tiejun__v1__fact__descriptor, field))
        refuse_usage(_("A fact has no field \"%s\". There are: %s."), field, field_list(context));
}

// {"field": "value"} of what --set says, as `tiejun call` takes it: the contract's names and forms.
static json_t *settings(struct context *context, const struct options *options)
{
    const char *list[SET_MOST];
    size_t count = options_list(options, "set", list, SET_MOST);
    if (count > SET_MOST)
        refuse_usage(_("--set can be given %d times at most."), SET_MOST);
    for (size_t i = 0; i < count; i++)
        check_setting(context, list[i]);
    json_t *json = json_object();
    for (size_t i = 0; i < count; i++) {
        const char *equals = strchr(list[i], '=');
        char *field = strndup(list[i], (size_t)(equals - list[i]));
        json_object_set_new(json, field, equals[1] ? json_string(equals + 1) : json_null());
        free(field);
    }
    return json;
}

// What the fact is with these fields in place of its own.
static Tiejun__V1__Fact *mended(struct context *context, const Tiejun__V1__Fact *fact,
                                json_t *changes)
{
    char error[512];
    const char *field;
    json_t *value;
    json_t *json = json_from_message(&fact->base);
    if (!json)
        abort();
    json_object_foreach(changes, field, value)
    {
        char name[64];
        json_name(field, name, sizeof name);
        json_object_set(json, name, value);
    }
    Tiejun__V1__Fact *result = (Tiejun__V1__Fact *)json_to_message(
        &tiejun__v1__fact__descriptor, json, context_arena(context), error, sizeof error);
    json_decref(json);
    if (!result)
        refuse_usage("%s", error);
    return result;
}

// What a leader declined stays declined however often it is sent: mended, it is another fact, which
// waits for an approval of its own.
static bool is_declined(const Tiejun__Client__OutboxFact *refused)
{
    const char *code = refused->outcome ? refused->outcome->code : NULL;
    return code && strcmp(code, "fact_declined") == 0;
}

static void retry_one(struct context *context, const Tiejun__Client__OutboxFact *refused,
                      json_t *changes)
{
    char id[UUID_TEXT_SIZE];
    struct outbox *outbox = offline_outbox(context);
    Tiejun__V1__Fact *fact = mended(context, refused->fact, changes);
    if (is_declined(refused) && json_object_size(changes) > 0) {
        uuid_v7(id);
        fact->id = id;
    }
    if (!outbox_retry_anew(outbox, refused->fact->id, fact))
        refuse(NULL, _("The outbox %s cannot be written: %s."), outbox_file(outbox),
               outbox_reason(outbox));
}

static int sync_retry(struct context *context, const struct options *options)
{
    json_t *changes = settings(context, options);
    if (options->argument_count == 0 && json_object_size(changes) > 0)
        refuse_usage("%s", _("--set is for one fact: say which."));
    if (options->argument_count > 0) {
        retry_one(context, find_refused(context, options->arguments[0]), changes);
    } else {
        const Tiejun__Client__OutboxFacts *facts = list_refused(context);
        for (size_t i = 0; i < facts->n_facts; i++)
            retry_one(context, facts->facts[i], changes);
    }
    json_decref(changes);
    offline_know_self(context);
    return flush(context);
}

// ---- drop ----

static const struct option_spec drop_options[] = {
    {"yes", 'y', OPTION_FLAG, NULL, N_("Do it without asking")},
    OPTIONS_END,
};

// The fact as JSON, on disk before it leaves the outbox.
static char *keep_in_file(const struct outbox *outbox, const Tiejun__V1__Fact *fact)
{
    char *path;
    const char *slash = strrchr(outbox_file(outbox), '/');
    int length = slash ? (int)(slash - outbox_file(outbox)) : 0;
    if (asprintf(&path, "%.*s/dropped-%s.json", length, outbox_file(outbox), fact->id) < 0)
        abort();
    json_t *json = json_from_message(&fact->base);
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool kept = json && descriptor >= 0 && json_dumpfd(json, descriptor, JSON_INDENT(2)) == 0 &&
                fsync(descriptor) == 0;
    int cause = errno;
    json_decref(json);
    if (descriptor >= 0)
        close(descriptor);
    if (!kept)
        refuse(NULL, _("%s cannot be written: %s."), path, strerror(cause));
    return path;
}

static int sync_drop(struct context *context, const struct options *options)
{
    struct outbox *outbox = offline_outbox(context);
    const Tiejun__V1__Fact *fact = find_refused(context, options->arguments[0])->fact;
    char kind[WORD_SIZE];
    confirm_or_end(context, options,
                   context_text(context, _("Give up %s (%s, %s)? It will not be counted."),
                                short_id(fact->id),
                                word_enum(&tiejun__v1__fact_kind__descriptor, fact->kind, kind),
                                or_empty(fact->customer)));
    char *path = keep_in_file(outbox, fact);
    if (!outbox_drop(outbox, fact->id))
        refuse(NULL, _("The outbox %s cannot be written: %s."), outbox_file(outbox),
               outbox_reason(outbox));
    if (!context_print_json(context, &fact->base)) {
        say(context, "%s", _("Given up; it is kept in"));
        say_whole(context, TABLE_PLAIN, path);
    }
    free(path);
    return COMMAND_DONE;
}

const struct command sync_commands[] = {
    {"sync", "status", N_("What waits on this machine, and since when"), "", "tiejun sync status",
     NULL, 0, 0, sync_status_command},
    {"sync", "flush", N_("Send what waits, now"), "", "tiejun sync flush", NULL, 0, 0, sync_flush},
    {"sync", "rejected", N_("Facts that the daemon refused, and why"), "", "tiejun sync rejected",
     NULL, 0, 0, sync_rejected},
    {"sync", "retry", N_("Send a refused fact again, or all of them, mended if need be"),
     N_("[FACT] [--set FIELD=VALUE...]"), "tiejun sync retry 2ff950d5 --set minutes=20",
     retry_options, 0, 1, sync_retry},
    {"sync", "drop", N_("Give a refused fact up; a file keeps it"), N_("FACT [--yes]"),
     "tiejun sync drop 2ff950d5 --yes", drop_options, 1, 1, sync_drop},
    {0},
};
