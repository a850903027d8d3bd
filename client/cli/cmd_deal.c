// tiejun deal: deals, their grades and how they end (domain.md 3.5).

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/deal_table.h"
#include "client/cli/say.h"
#include "client/cli/short_id.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/render.h"
#include "client/lib/words.h"
#include "common/money.h"
#include "common/uuid.h"

static const Tiejun__V1__DealServiceListResponse *deals_of(struct context *context, char *customer,
                                                           Tiejun__V1__DealState state)
{
    Tiejun__V1__DealServiceListRequest request = TIEJUN__V1__DEAL_SERVICE_LIST_REQUEST__INIT;
    request.customer = customer;
    request.has_state = true;
    request.state = state;
    return context_call(context, "tiejun.v1.DealService.List", &request.base);
}

// What a person types for a deal: its id, whole or short, or the name of a customer who has one
// open deal; or, where one that has ended will do and none is open, one that was signed, or else
// lost.
static char *find_deal(struct context *context, char *text, bool ended_too)
{
    static const Tiejun__V1__DealState ends[] = {TIEJUN__V1__DEAL_STATE__DEAL_STATE_SIGNED,
                                                 TIEJUN__V1__DEAL_STATE__DEAL_STATE_LOST};
    if (uuid_valid(text) || is_short_id(text))
        return text;
    const Tiejun__V1__DealServiceListResponse *response =
        deals_of(context, text, TIEJUN__V1__DEAL_STATE__DEAL_STATE_OPEN);
    size_t count = response->n_deals;
    char *id = count > 0 ? response->deals[0]->id : NULL;
    for (size_t i = 0; ended_too && !id && i < sizeof ends / sizeof ends[0]; i++) {
        response = deals_of(context, text, ends[i]);
        count += response->n_deals;
        id = response->n_deals > 0 ? response->deals[0]->id : NULL;
    }
    if (count == 1)
        return id;
    const char *hint = _("List them with: tiejun deal list --customer NAME");
    if (count > 1)
        refuse(hint, _("%s has several deals; name one by its id."), text);
    refuse(hint, ended_too ? _("%s has no deal.") : _("%s has no open deal."), text);
}

static void print_deal(const struct context *context, const Tiejun__V1__DealRecord *deal)
{
    char state[WORD_SIZE];
    char amount[MONEY_TEXT_SIZE + 8] = "";
    const char *grade = word_grade(deal->grade);
    if (deal->has_value_minor)
        render_money(deal->value_minor, deal->currency, amount, sizeof amount);
    say_in(context, TABLE_BOLD, "%s%s%s", or_empty(deal->customer), deal->product ? _(", ") : "",
           deal->product ? deal->product : "");
    say(context, "%s%s%s%s%s", word_enum(&tiejun__v1__deal_state__descriptor, deal->state, state),
        *grade ? _(", ") : "", grade, *amount ? _(", ") : "", amount);
    say(context, _("of %s (%s), opened on %s"), deal->person_name ? deal->person_name : "",
        deal->person ? deal->person : "", deal->opened_on ? deal->opened_on : "?");
    if (deal->closed_on)
        say(context, _("closed on %s"), deal->closed_on);
    else if (deal->expected_close)
        say(context, _("close expected on %s"), deal->expected_close);
    if (deal->lost_reason)
        say(context, _("lost: %s"), deal->lost_reason);
    say_in(context, TABLE_DIM, "%s", or_empty(deal->id));
}

// ---- list ----

static const struct option_spec list_options[] = {
    UNIT_OPTION,
    PERSON_OPTION,
    {"customer", 0, OPTION_STRING, N_("NAME"), N_("Only those of one customer")},
    {"state", 's', OPTION_STRING, N_("STATE"), N_("open (if not given), signed or lost")},
    {"grade", 'g', OPTION_STRING, N_("GRADE"), N_("A, B or C")},
    {"ids", 0, OPTION_FLAG, NULL, N_("Show whole ids")},
    LIMIT_OPTION,
    OPTIONS_END,
};

static int deal_list(struct context *context, const struct options *options)
{
    Tiejun__V1__DealServiceListRequest request = TIEJUN__V1__DEAL_SERVICE_LIST_REQUEST__INIT;
    request.unit = unit_text(options);
    request.person = option_text(options, "person");
    request.customer = option_text(options, "customer");
    request.state = option_enum(options, "state", &tiejun__v1__deal_state__descriptor);
    request.has_state = request.state != 0;
    request.grade = option_enum(options, "grade", &tiejun__v1__grade__descriptor);
    request.has_grade = request.grade != 0;
    const Tiejun__V1__DealServiceListResponse *response = context_call_pages(
        context, "tiejun.v1.DealService.List", &request.base, context_limit(options));
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    if (response->n_deals == 0)
        say(context, "%s", _("No deals."));
    struct deal_table_style style = {.whole_ids = options_flag(options, "ids"),
                                     .hide_customer = request.customer != NULL};
    context_print_table(context, deal_table(response->deals, response->n_deals, style));
    say_more(context, response->next_cursor);
    return COMMAND_DONE;
}

// ---- show ----

enum { COLUMN_DATE, COLUMN_STEP, COLUMN_GRADES, COLUMN_ACTOR, COLUMN_EVIDENCE, COLUMN_FACT };

static const struct table_column event_columns[] = {
    [COLUMN_DATE] = {"date", N_("day"), 0},
    [COLUMN_STEP] = {"step", N_("step"), 0},
    [COLUMN_GRADES] = {"grade", N_("grade"), TABLE_IF_ANY},
    [COLUMN_ACTOR] = {"actor", N_("by"), TABLE_IF_ANY},
    [COLUMN_EVIDENCE] = {"evidence", N_("evidence"), TABLE_WRAP | TABLE_IF_ANY},
    [COLUMN_FACT] = {"fact", "", TABLE_CSV_ONLY},
    {NULL, NULL, 0},
};

static void fill_event(struct context *context, struct table *table,
                       const Tiejun__V1__DealEvent *event)
{
    char step[WORD_SIZE];
    char code[WORD_SIZE];
    const char *from = word_grade(event->from_grade);
    const char *to = word_grade(event->to_grade);
    size_t row = table_add(table);
    table_set(table, row, COLUMN_DATE, event->local_date);
    table_set_raw(table, row, COLUMN_STEP,
                  word_enum(&tiejun__v1__deal_step__descriptor, event->step, step),
                  word_code(&tiejun__v1__deal_step__descriptor, event->step, code));
    table_set(table, row, COLUMN_GRADES,
              *from && *to ? context_text(context, "%s>%s", from, to) : to);
    table_set(table, row, COLUMN_ACTOR, event->actor);
    table_set(table, row, COLUMN_EVIDENCE, event->evidence);
    table_set(table, row, COLUMN_FACT, event->fact);
}

static int deal_show(struct context *context, const struct options *options)
{
    Tiejun__V1__DealServiceShowRequest request = TIEJUN__V1__DEAL_SERVICE_SHOW_REQUEST__INIT;
    request.deal = find_deal(context, argument_text(options, 0), true);
    const Tiejun__V1__DealServiceShowResponse *response =
        context_call(context, "tiejun.v1.DealService.Show", &request.base);
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    if (response->deal)
        print_deal(context, response->deal);
    say(context, "%s", "");
    struct table *table = table_new(event_columns);
    for (size_t i = 0; i < response->n_events; i++)
        fill_event(context, table, response->events[i]);
    context_print_table(context, table);
    return COMMAND_DONE;
}

// ---- grade, lose ----

static const struct option_spec grade_options[] = {
    {"evidence", 'e', OPTION_STRING, N_("TEXT"), N_("What shows it; a grade needs some")},
    {"expected-close", 0, OPTION_STRING, N_("DATE"), N_("When it should be signed")},
    {"fact", 0, OPTION_STRING, N_("ID"), N_("The visit that it came from")},
    OPTIONS_END,
};

static char *person_of(struct context *context, char *deal)
{
    Tiejun__V1__DealServiceShowRequest request = TIEJUN__V1__DEAL_SERVICE_SHOW_REQUEST__INIT;
    request.deal = deal;
    const Tiejun__V1__DealServiceShowResponse *response =
        context_call(context, "tiejun.v1.DealService.Show", &request.base);
    return response->deal ? response->deal->person : NULL;
}

static int deal_grade(struct context *context, const struct options *options)
{
    Tiejun__V1__DealServiceGradeRequest request = TIEJUN__V1__DEAL_SERVICE_GRADE_REQUEST__INIT;
    request.has_grade = true;
    request.grade = enum_value(argument_text(options, 1), &tiejun__v1__grade__descriptor);
    request.deal = find_deal(context, argument_text(options, 0), false);
    request.evidence = option_text(options, "evidence");
    request.expected_close = option_date(context, options, "expected-close");
    request.fact = option_text(options, "fact");
    if (request.fact && is_short_id(request.fact))
        request.fact = whole_fact_id(context, request.fact, person_of(context, request.deal));
    const Tiejun__V1__DealServiceGradeResponse *response =
        context_call(context, "tiejun.v1.DealService.Grade", &request.base);
    if (!context_print_json(context, &response->base) && response->deal)
        print_deal(context, response->deal);
    return COMMAND_DONE;
}

static const struct option_spec lose_options[] = {
    {"date", 0, OPTION_STRING, N_("DATE"), N_("The day it was lost; today if not given")},
    OPTIONS_END,
};

static int deal_lose(struct context *context, const struct options *options)
{
    Tiejun__V1__DealServiceLoseRequest request = TIEJUN__V1__DEAL_SERVICE_LOSE_REQUEST__INIT;
    request.deal = find_deal(context, argument_text(options, 0), false);
    request.reason = argument_text(options, 1);
    request.date = option_date(context, options, "date");
    const Tiejun__V1__DealServiceLoseResponse *response =
        context_call(context, "tiejun.v1.DealService.Lose", &request.base);
    if (!context_print_json(context, &response->base) && response->deal)
        print_deal(context, response->deal);
    return COMMAND_DONE;
}

const struct command deal_commands[] = {
    {"deal", "list", N_("Deals of a unit, person or customer"),
     N_("[UNIT] [--person HANDLE] [--customer NAME] [--state STATE] [--grade GRADE] "
        "[OPTION...]"),
     N_("tiejun deal list --grade A --unit /West"), list_options, 0, 1, deal_list},
    {"deal", "show", N_("One deal, and every step that it took"), N_("ID|CUSTOMER"),
     N_("tiejun deal show \"Acme Ltd\""), NULL, 1, 1, deal_show},
    {"deal", "grade", N_("Say how near a deal is, with what shows it"),
     N_("ID|CUSTOMER A|B|C --evidence TEXT [OPTION...]"),
     N_("tiejun deal grade \"Acme Ltd\" A --evidence \"pays by transfer on July 30\""),
     grade_options, 2, 2, deal_grade},
    {"deal", "lose", N_("End a deal that will not be signed, with the reason"),
     N_("ID|CUSTOMER REASON [--date DATE]"),
     N_("tiejun deal lose \"Acme Ltd\" \"bought from Globex\""), lose_options, 2, 2, deal_lose},
    {0},
};
