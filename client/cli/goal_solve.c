#include "client/cli/goal_solve.h"

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/rates_said.h"
#include "client/cli/report.h"
#include "client/cli/say.h"
#include "client/cli/solve_table.h"
#include "client/cli/typed.h"
#include "client/cli/what_if.h"
#include "client/cli/when.h"
#include "client/lib/render.h"
#include "client/lib/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define AMOUNT_SIZE 64
#define WHAT_IF_MAX 16

const struct option_spec goal_solve_options[] = {
    UNIT_OPTION,
    PERSON_OPTION,
    RANGE_OPTIONS,
    {"as-of", 0, OPTION_STRING, N_("DATE"),
     N_("Up to that day, by what is known today; today if not given")},
    {"what-if", 'w', OPTION_LIST, N_("NAME=N"),
     N_("In place of history: rate.visit=12%,order=30,000,lag.c=20,days=15")},
    CURRENCY_OPTION,
    OPTIONS_END,
};

// ---- in words ----

static void say_order(struct context *context,
                      const Tiejun__V1__SolveServiceSolveResponse *response)
{
    const Tiejun__V1__ChainNumber *order = solve_number(response, "order");
    char amount[AMOUNT_SIZE];
    if (!order->has_value)
        return;
    render_estimate(order->value, response->currency, amount, sizeof amount);
    if (order->replaced)
        say(context, _("average order: %s, as given"), amount);
    else if (order->borrowed_from)
        say(context, _("average order: %s, of %d own signings weighed with %d of %s"), amount,
            (int)order->cases, (int)order->borrowed_cases, solve_short_scope(order->borrowed_from));
    else
        say(context, _("average order: %s, of %d signings"), amount, (int)order->cases);
}

static void say_lag(struct context *context, const Tiejun__V1__SolveServiceSolveResponse *response)
{
    const Tiejun__V1__ChainNumber *lag = solve_number(response, "lag.visit");
    if (lag->replaced)
        say_in(context, TABLE_DIM, _("A signing comes %d days after the visit, as given."),
               (int)lag->value);
    else if (lag->has_value)
        say_in(context, TABLE_DIM,
               _("A signing comes %d days after the visit: the median of %d signings of %s."),
               (int)lag->value, (int)(lag->borrowed_from ? lag->borrowed_cases : lag->cases),
               solve_short_scope(lag->borrowed_from ? lag->borrowed_from : response->scope));
}

// What of the history was weighed with what.
static void say_weight(struct context *context,
                       const Tiejun__V1__SolveServiceSolveResponse *response)
{
    say_in(context, TABLE_DIM,
           _("Cases since %s. What is above weighs as much as %d own cases, level by level."),
           or_empty(response->window_from), (int)response->shrink_weight);
}

static void say_not_counted(struct context *context,
                            const Tiejun__V1__SolveServiceSolveResponse *response)
{
    int64_t later = 0;
    int64_t unvalued = 0;
    for (size_t i = 0; i < response->n_open; i++) {
        const Tiejun__V1__OpenDeals *open = response->open[i];
        later += open->later_deals + open->deals + open->undated_deals - open->counted_deals;
        unvalued += open->unvalued_deals;
    }
    if (later > 0)
        say_in(context, TABLE_DIM, _("Not counted: %d open deals that should close after %s."),
               (int)later, or_empty(response->to_date));
    if (unvalued > 0)
        say_in(context, TABLE_DIM, _("Not counted: %d open deals without a value."), (int)unvalued);
}

// By which rates other currencies are part of it, and what is not.
static void say_currencies(struct context *context,
                           const Tiejun__V1__SolveServiceSolveResponse *response)
{
    const struct rates_used used = {response->n_rates, response->rate_currencies, response->rates,
                                    response->rate_dates};
    say_rates(context, &used, or_empty(response->currency));
    say_unrated(context, response->unrated_currencies, response->n_unrated_currencies,
                or_empty(response->currency));
}

static const char *missing_words(const char *name)
{
    static const struct {
        const char *name;
        const char *words;
    } known[] = {
        {"order", N_("Nothing was signed in the whole company, so there is no average order. Log "
                     "signings, or give one: --what-if order=AMOUNT")},
        {"rate.visit", N_("Nobody in the company has opened a deal and logged visits. Log both, or "
                          "give a rate: --what-if rate.visit=0.1")},
        {"rate.c", N_("No C customer in the whole company became B. Grade deals as they come on, "
                      "or give a rate: --what-if rate.c=0.4")},
        {"rate.b", N_("No B customer in the whole company became A. Grade deals as they come on, "
                      "or give a rate: --what-if rate.b=0.4")},
        {"rate.a", N_("No A customer in the whole company has signed. Log signings, or give a "
                      "rate: --what-if rate.a=0.6")},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(name, known[i].name) == 0)
            return _(known[i].words);
    }
    return name;
}

static void say_missing(struct context *context,
                        const Tiejun__V1__SolveServiceSolveResponse *response)
{
    say_in(context, TABLE_WARN,
           _("Numbers are missing in what happened since %s, so no visits a day can be named:"),
           or_empty(response->window_from));
    for (size_t i = 0; i < response->n_missing; i++)
        say(context, "- %s", missing_words(response->missing[i]));
}

static void say_day(struct context *context, const Tiejun__V1__SolveServiceSolveResponse *response)
{
    const Tiejun__V1__ChainNumber *standard = solve_number(response, "standard");
    int reps = (int)solve_number(response, "reps")->value;
    if (!response->has_rep_day && response->has_day_goal)
        say(context, _("The standard stands: %d visits a day."), (int)response->day_goal);
    if (!response->has_rep_day)
        return;
    if (reps > 1)
        say_in(context, TABLE_BOLD, _("Visits a day for each of %d reps: %d."), reps,
               (int)response->rep_day);
    else
        say_in(context, TABLE_BOLD, _("Visits a day: %d."), (int)response->rep_day);
    if (standard->has_value && response->has_day_goal)
        say(context, _("The standard is %d, so the day's goal is %d."), (int)standard->value,
            (int)response->day_goal);
}

static void say_capacity(struct context *context,
                         const Tiejun__V1__SolveServiceSolveResponse *response)
{
    const Tiejun__V1__ChainNumber *capacity = solve_number(response, "capacity");
    if (!capacity->has_value)
        say(context, "%s", _("There are no days yet by which to say what can be done in one."));
    else if (capacity->replaced)
        say(context, _("A rep can make %d visits a day, as given."), (int)capacity->value);
    else if (capacity->borrowed_from)
        say(context, _("On 95 of 100 days of %s a rep made at most %d visits (%d days; own: %d)."),
            solve_short_scope(capacity->borrowed_from), (int)capacity->value,
            (int)capacity->borrowed_cases, (int)capacity->cases);
    else
        say(context, _("On 95 of 100 days a rep made at most %d visits (%d days)."),
            (int)capacity->value, (int)capacity->cases);
}

static void say_verdict(struct context *context,
                        const Tiejun__V1__SolveServiceSolveResponse *response)
{
    char amount[AMOUNT_SIZE];
    render_estimate(response->reachable, response->currency, amount, sizeof amount);
    switch (response->verdict) {
    case TIEJUN__V1__SOLVE_VERDICT__SOLVE_VERDICT_COVERED:
        say_in(context, TABLE_GOOD, "%s",
               _("What is booked and what open deals should bring covers the target."));
        break;
    case TIEJUN__V1__SOLVE_VERDICT__SOLVE_VERDICT_FEASIBLE:
        say_in(context, TABLE_GOOD, "%s", _("That is feasible."));
        break;
    case TIEJUN__V1__SOLVE_VERDICT__SOLVE_VERDICT_INFEASIBLE:
        if (!response->has_rep_day)
            say_in(context, TABLE_BAD, "%s",
                   _("A visit of today is signed after the period has ended: visits alone cannot "
                     "close the gap any more."));
        say_in(context, TABLE_BAD, _("Infeasible. The target that can be reached: %s."), amount);
        break;
    default:
        break;
    }
}

static void print_solved(struct context *context,
                         const Tiejun__V1__SolveServiceSolveResponse *response)
{
    char day[64];
    bool unknown = response->verdict == TIEJUN__V1__SOLVE_VERDICT__SOLVE_VERDICT_UNKNOWN;
    bool covered = response->verdict == TIEJUN__V1__SOLVE_VERDICT__SOLVE_VERDICT_COVERED;
    say_in(context, TABLE_BOLD, _("%s, %s to %s"),
           report_scope(context, response->scope, response->scope_name),
           or_empty(response->from_date), or_empty(response->to_date));
    say(context, _("as of %s, revenue in %s"), render_date(response->as_of, day, sizeof day),
        or_empty(response->currency));
    context_print_table(context, solve_table_of_gap(response));
    say_not_counted(context, response);
    say_currencies(context, response);
    say(context, "%s", "");
    if (!covered) {
        say_order(context, response);
        context_print_table(context, solve_table_of_stages(response));
        say_lag(context, response);
        say_weight(context, response);
        say(context, "%s", "");
    }
    if (unknown)
        say_missing(context, response);
    say_day(context, response);
    if (response->has_rep_day && !covered)
        say_capacity(context, response);
    say_verdict(context, response);
}

// ---- the command ----

static void read_what_if(struct context *context, const struct options *options,
                         Tiejun__V1__SolveServiceSolveRequest *request)
{
    const char *lists[WHAT_IF_MAX];
    size_t count = options_list(options, "what-if", lists, WHAT_IF_MAX);
    if (count == 0)
        return;
    if (count > WHAT_IF_MAX)
        refuse_usage("%s", _("These are too many numbers."));
    for (size_t i = 0; i < count; i++)
        what_if_read(context, lists[i], context_currency(context, options), request);
}

// Amounts were read with the digits of one currency and are taken in another's.
static void check_currency(struct context *context, const struct options *options,
                           const Tiejun__V1__SolveServiceSolveResponse *response)
{
    if (options_given(options, "what-if") &&
        strcmp(or_empty(response->currency), context_currency(context, options)) != 0)
        refuse_usage(_("Amounts there are in %s: add --currency %s"), or_empty(response->currency),
                     or_empty(response->currency));
}

int goal_solve(struct context *context, const struct options *options)
{
    Tiejun__V1__SolveServiceSolveRequest request = TIEJUN__V1__SOLVE_SERVICE_SOLVE_REQUEST__INIT;
    request.unit = unit_text(options);
    request.person = option_text(options, "person");
    if (request.unit && request.person)
        refuse_usage("%s", _("A gap is that of a unit or of a person: --unit or --person."));
    context_range_or_month(context, options, &request.from_date, &request.to_date);
    request.as_of = option_date(context, options, "as-of");
    request.in_currency = option_text(options, "currency");
    read_what_if(context, options, &request);
    const Tiejun__V1__SolveServiceSolveResponse *response =
        context_call(context, "tiejun.v1.SolveService.Solve", &request.base);
    check_currency(context, options, response);
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    if (context_mode(context) == OUTPUT_CSV)
        context_print_table(context, solve_table_of_numbers(response));
    else
        print_solved(context, response);
    return COMMAND_DONE;
}
