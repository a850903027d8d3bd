// tiejun fact: the single facts under every number (domain.md 3.1, 4.6).

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/fact_pending.h"
#include "client/cli/fact_table.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"

static const struct option_spec options_of_list[] = {
    UNIT_OPTION,
    PERSON_OPTION,
    {"kind", 'k', OPTION_STRING, N_("KIND"), N_("appointment, new-customer, visit, signing, ...")},
    RANGE_OPTIONS,
    {"effective", 0, OPTION_FLAG, NULL, N_("Only those that count as effective")},
    {"not-effective", 0, OPTION_FLAG, NULL, N_("Only the others")},
    {"customer", 0, OPTION_STRING, N_("NAME"), N_("Only those of one customer")},
    {"ids", 0, OPTION_FLAG, NULL, N_("Show whole ids, for facts of longer ago")},
    LIMIT_OPTION,
    OPTIONS_END,
};

static void read_effective(const struct options *options,
                           Tiejun__V1__FactServiceListRequest *request)
{
    bool effective = options_flag(options, "effective");
    bool others = options_flag(options, "not-effective");
    if (effective && others)
        refuse_usage(_("--effective and --not-effective leave nothing; choose one."));
    request->has_effective = effective || others;
    request->effective = effective;
}

static int fact_list(struct context *context, const struct options *options)
{
    Tiejun__V1__FactServiceListRequest request = TIEJUN__V1__FACT_SERVICE_LIST_REQUEST__INIT;
    request.unit = unit_text(options);
    request.person = option_text(options, "person");
    request.kind = option_enum(options, "kind", &tiejun__v1__fact_kind__descriptor);
    request.has_kind = request.kind != 0;
    context_range(context, options, &request.from_date, &request.to_date);
    read_effective(options, &request);
    request.customer = option_text(options, "customer");
    const Tiejun__V1__FactServiceListResponse *response = context_call_pages(
        context, "tiejun.v1.FactService.List", &request.base, context_limit(options));
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    struct fact_table_style style = {.whole_ids = options_flag(options, "ids"),
                                     .hide_person = request.person != NULL};
    if (response->n_facts == 0)
        say(context, "%s", _("No facts."));
    context_print_table(context, fact_table(response->facts, response->n_facts, style));
    say_more(context, response->next_cursor);
    return COMMAND_DONE;
}

const struct command fact_commands[] = {
    {"fact", "list", N_("The facts of a unit, person, customer or time, newest first"),
     N_("[UNIT] [--person HANDLE] [--kind KIND] [--period PERIOD] [OPTION...]"),
     N_("tiejun fact list --unit /West --kind visit --period this-week --not-effective"),
     options_of_list, 0, 1, fact_list},
    {"fact", "pending", N_("Facts that were logged too late, and wait for an approval"),
     N_("[UNIT] [--person HANDLE]"), "tiejun fact pending", fact_pending_options, 0, 1,
     fact_pending},
    {"fact", "approve", N_("Let facts count that were logged too late"),
     N_("FACT... | --all [--person HANDLE]"),
     "tiejun fact approve 2ff950d5\ntiejun fact approve --all --person li.wei",
     fact_approve_options, 0, FACT_APPROVE_MOST, fact_approve},
    {"fact", "decline", N_("Give a fact that was logged too late no approval"),
     N_("FACT --reason TEXT"), "tiejun fact decline 2ff950d5 --reason \"Nobody was there\"",
     fact_decline_options, 1, 1, fact_decline},
    {0},
};
