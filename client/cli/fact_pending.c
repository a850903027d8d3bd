#include "client/cli/fact_pending.h"

#include "client/cli/command.h"
#include "client/cli/confirm.h"
#include "client/cli/context.h"
#include "client/cli/say.h"
#include "client/cli/short_id.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/render.h"
#include "client/lib/words.h"
#include "common/arena.h"
#include "tiejun/v1/fact.pb-c.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

// One that is named is looked for among so many.
#define FACTS_MOST 100000

const struct option_spec fact_pending_options[] = {
    UNIT_OPTION,
    PERSON_OPTION,
    LIMIT_OPTION,
    OPTIONS_END,
};

const struct option_spec fact_approve_options[] = {
    {"all", 0, OPTION_FLAG, NULL, N_("All that wait, of --person if given")},
    PERSON_OPTION,
    CONFIRM_OPTIONS,
    OPTIONS_END,
};

const struct option_spec fact_decline_options[] = {
    {"reason", 0, OPTION_STRING, N_("TEXT"), N_("Why; it is kept with the fact")},
    OPTIONS_END,
};

static Tiejun__V1__FactServicePendingResponse *list(struct context *context, char *unit,
                                                    char *person, int64_t limit)
{
    Tiejun__V1__FactServicePendingRequest request = TIEJUN__V1__FACT_SERVICE_PENDING_REQUEST__INIT;
    request.unit = unit;
    request.person = person;
    return context_call_pages(context, "tiejun.v1.FactService.Pending", &request.base, limit);
}

// ---- pending ----

enum {
    COLUMN_ID,
    COLUMN_DAY,
    COLUMN_PERSON,
    COLUMN_KIND,
    COLUMN_CUSTOMER,
    COLUMN_SUMMARY,
    COLUMN_AMOUNT,
    COLUMN_CURRENCY,
    COLUMN_RECORDED,
};

static const struct table_column columns[] = {
    [COLUMN_ID] = {"id", N_("id"), 0},
    [COLUMN_DAY] = {"date", N_("day"), 0},
    [COLUMN_PERSON] = {"person", N_("who"), 0},
    [COLUMN_KIND] = {"kind", N_("what"), 0},
    [COLUMN_CUSTOMER] = {"customer", N_("customer"), TABLE_TRUNCATE},
    [COLUMN_SUMMARY] = {"summary", N_("in short"), TABLE_TRUNCATE | TABLE_IF_ANY | TABLE_DROP},
    [COLUMN_AMOUNT] = {"amount", N_("amount"), TABLE_RIGHT | TABLE_IF_ANY},
    [COLUMN_CURRENCY] = {"currency", "", TABLE_IF_ANY},
    [COLUMN_RECORDED] = {"recorded_at", N_("logged"), 0},
    {NULL, NULL, 0},
};

static void fill(struct context *context, struct table *table, const Tiejun__V1__Fact *fact)
{
    char kind[WORD_SIZE];
    char code[WORD_SIZE];
    size_t row = table_add(table);
    table_set_raw(table, row, COLUMN_ID, short_id(fact->id), fact->id);
    table_set(table, row, COLUMN_DAY, fact->date);
    table_set(table, row, COLUMN_PERSON, fact->person);
    table_set_raw(table, row, COLUMN_KIND,
                  word_enum(&tiejun__v1__fact_kind__descriptor, fact->kind, kind),
                  word_code(&tiejun__v1__fact_kind__descriptor, fact->kind, code));
    table_set(table, row, COLUMN_CUSTOMER, fact->customer);
    table_set(table, row, COLUMN_SUMMARY,
              fact->outcome   ? fact->outcome
              : fact->purpose ? fact->purpose
                              : fact->subject);
    if (fact->has_amount_minor) {
        table_set_money(table, row, COLUMN_AMOUNT, fact->amount_minor, fact->currency);
        table_set(table, row, COLUMN_CURRENCY, fact->currency);
    }
    if (fact->recorded_at)
        table_set(table, row, COLUMN_RECORDED, context_time_of(context, fact->recorded_at));
}

static void print(struct context *context, const Tiejun__V1__FactServicePendingResponse *response)
{
    struct table *table = table_new(columns);
    for (size_t i = 0; i < response->n_facts; i++)
        fill(context, table, response->facts[i]);
    context_print_table(context, table);
}

int fact_pending(struct context *context, const struct options *options)
{
    const Tiejun__V1__FactServicePendingResponse *response =
        list(context, unit_text(options), option_text(options, "person"), context_limit(options));
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    if (response->n_facts == 0)
        say(context, "%s", _("Nothing waits for an approval."));
    print(context, response);
    say_more(context, response->next_cursor);
    return COMMAND_DONE;
}

// ---- approve ----

// Its place among those that wait.
static size_t find(const Tiejun__V1__FactServicePendingResponse *waiting, const char *text)
{
    for (size_t i = 0; i < waiting->n_facts; i++) {
        const char *id = or_empty(waiting->facts[i]->id);
        if (strcasecmp(id, text) == 0 || strcasecmp(short_id(id), text) == 0)
            return i;
    }
    refuse(_("List them with: tiejun fact pending"), _("No fact %s waits for an approval."), text);
}

// Leaves of those that wait the facts that are meant, each once.
static void choose(Tiejun__V1__FactServicePendingResponse *waiting, const struct options *options)
{
    size_t chosen = 0;
    for (size_t i = 0; i < options->argument_count; i++) {
        size_t place = find(waiting, options->arguments[i]);
        Tiejun__V1__Fact *fact = waiting->facts[place];
        if (place < chosen)
            continue;
        waiting->facts[place] = waiting->facts[chosen];
        waiting->facts[chosen++] = fact;
    }
    if (!options_flag(options, "all"))
        waiting->n_facts = chosen;
}

// How many do not count after all; says why. One's own facts are for whoever leads one to approve.
static size_t say_left(struct context *context, const Tiejun__V1__FactServiceLogResponse *response)
{
    size_t left = 0;
    for (size_t i = 0; i < response->n_outcomes; i++) {
        const Tiejun__V1__FactOutcome *outcome = response->outcomes[i];
        const char *why = or_empty(outcome->message);
        if (outcome->intake == TIEJUN__V1__INTAKE__INTAKE_PENDING)
            why = _("It still waits: whoever leads its person approves it.");
        else if (outcome->intake != TIEJUN__V1__INTAKE__INTAKE_REFUSED)
            continue;
        say_in(context, TABLE_BAD, "%s: %s", or_empty(short_id(outcome->id)), why);
        left++;
    }
    return left;
}

// Who names each fact has seen it; all of them are shown first.
static bool agreed(struct context *context, const struct options *options,
                   const Tiejun__V1__FactServicePendingResponse *waiting)
{
    bool dry_run = options_flag(options, "dry-run");
    if (options->argument_count > 0 && !dry_run)
        return true;
    if (!dry_run || !context_print_json(context, &waiting->base))
        print(context, waiting);
    return confirm(context, options,
                   context_text(context,
                                ngettext("Approve %zu fact?", "Approve %zu facts?",
                                         (unsigned long)waiting->n_facts),
                                waiting->n_facts));
}

// A leader who sends the fact of somebody approves it.
int fact_approve(struct context *context, const struct options *options)
{
    Tiejun__V1__FactServiceLogRequest request = TIEJUN__V1__FACT_SERVICE_LOG_REQUEST__INIT;
    bool all = options_flag(options, "all");
    if (all == (options->argument_count > 0))
        refuse_usage("%s", _("Say which facts, or --all."));
    Tiejun__V1__FactServicePendingResponse *waiting =
        list(context, NULL, option_text(options, "person"), all ? FACT_APPROVE_MOST : FACTS_MOST);
    choose(waiting, options);
    size_t count = waiting->n_facts;
    if (count == 0) {
        say(context, "%s", _("Nothing waits for an approval."));
        return COMMAND_DONE;
    }
    if (!agreed(context, options, waiting))
        return COMMAND_DONE;
    request.facts = waiting->facts;
    request.n_facts = count;
    const Tiejun__V1__FactServiceLogResponse *response =
        context_call(context, "tiejun.v1.FactService.Log", &request.base);
    bool printed = context_print_json(context, &response->base);
    size_t left = say_left(context, response);
    if (!printed && count > left)
        say_in(context, TABLE_GOOD,
               ngettext("%zu fact is approved and counts.", "%zu facts are approved and count.",
                        count - left),
               count - left);
    if (all && waiting->next_cursor)
        say(context, _("More wait for an approval: tiejun fact pending"));
    return left > 0 ? COMMAND_REFUSED : COMMAND_DONE;
}

// ---- decline ----

int fact_decline(struct context *context, const struct options *options)
{
    Tiejun__V1__FactServiceDeclineRequest request = TIEJUN__V1__FACT_SERVICE_DECLINE_REQUEST__INIT;
    request.reason = option_text(options, "reason");
    if (!request.reason)
        refuse_usage("%s", _("Say why: --reason TEXT."));
    const Tiejun__V1__FactServicePendingResponse *waiting = list(context, NULL, NULL, FACTS_MOST);
    const Tiejun__V1__Fact *fact = waiting->facts[find(waiting, options->arguments[0])];
    request.person = fact->person;
    request.id = fact->id;
    const Tiejun__V1__FactServiceDeclineResponse *response =
        context_call(context, "tiejun.v1.FactService.Decline", &request.base);
    if (!context_print_json(context, &response->base))
        say(context, _("Declined: %s"), or_empty(short_id(response->id)));
    return COMMAND_DONE;
}
