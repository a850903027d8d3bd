// tiejun goal rebalance: what is left of a goal under way is split again (domain.md 2.9).

#include "client/cli/command.h"
#include "client/cli/confirm.h"
#include "client/cli/context.h"
#include "client/cli/goal.h"
#include "client/cli/goal_arguments.h"
#include "client/cli/goal_table.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/render.h"
#include "client/lib/words.h"

#include <string.h>

const struct option_spec goal_rebalance_options[] = {
    UNIT_OPTION,
    RANGE_OPTIONS,
    CURRENCY_OPTION,
    {"by", 'b', OPTION_STRING, N_("HOW"),
     N_("capacity (working days left; if not given), headcount, equal or history")},
    {"last", 0, OPTION_INTEGER, N_("N"), N_("For history: of how many periods before; 1")},
    {"deep", 0, OPTION_FLAG, NULL, N_("Down to the people, not only what is right below")},
    GOAL_CHANGE_OPTIONS,
    CONFIRM_OPTIONS,
    OPTIONS_END,
};

static const Tiejun__V1__GoalServiceRebalanceResponse *
ask_rebalance(struct context *context, const Tiejun__V1__GoalServiceRebalanceRequest *request)
{
    return context_call(context, "tiejun.v1.GoalService.Rebalance", &request->base);
}

static bool is_part(const Tiejun__V1__GoalShare *share,
                    const Tiejun__V1__GoalServiceRebalanceRequest *request)
{
    return strcmp(or_empty(share->from_date), request->from_date) != 0 ||
           strcmp(or_empty(share->to_date), request->to_date) != 0;
}

// The goals of the whole period, or those of its parts. False when there are none.
static bool print_shares_of(struct context *context,
                            const Tiejun__V1__GoalServiceRebalanceResponse *response,
                            const Tiejun__V1__GoalServiceRebalanceRequest *request, bool of_parts)
{
    Tiejun__V1__GoalServiceSplitResponse parts = TIEJUN__V1__GOAL_SERVICE_SPLIT_RESPONSE__INIT;
    parts.currency = response->currency;
    parts.shares = context_room(context, response->n_shares, sizeof *parts.shares);
    for (size_t i = 0; i < response->n_shares; i++) {
        // A file has all in one.
        if (context_mode(context) != OUTPUT_TABLE ||
            is_part(response->shares[i], request) == of_parts)
            parts.shares[parts.n_shares++] = response->shares[i];
    }
    if (parts.n_shares > 0)
        context_print_table(context, goal_table_of_shares(&parts, !of_parts));
    return parts.n_shares > 0;
}

static void print_rebalance(struct context *context,
                            const Tiejun__V1__GoalServiceRebalanceResponse *response,
                            const Tiejun__V1__GoalServiceRebalanceRequest *request)
{
    char amount[GOAL_AMOUNT_SIZE];
    say(context, _("%s; what is left of it is split over the days that remain:"),
        render_money(response->stretched_target, response->currency, amount, sizeof amount));
    (void)print_shares_of(context, response, request, false);
    if (context_mode(context) == OUTPUT_TABLE && print_shares_of(context, response, request, true))
        say_in(
            context, TABLE_DIM, "%s",
            _("Parts of the period that are under way or ahead; those that are over stay as they "
              "were."));
}

int goal_rebalance(struct context *context, const struct options *options)
{
    Tiejun__V1__GoalServiceRebalanceRequest request =
        TIEJUN__V1__GOAL_SERVICE_REBALANCE_REQUEST__INIT;
    request.metric = argument_text(options, 0);
    request.unit = option_text(options, "unit");
    goal_range(context, options, &request.from_date, &request.to_date);
    request.currency = goal_currency(context, options, request.metric, request.unit);
    request.has_method = true;
    request.method = goal_read_method(options, 0, TIEJUN__V1__SPLIT_METHOD__SPLIT_METHOD_CAPACITY);
    goal_periods(options, request.method, &request.has_periods, &request.periods);
    request.has_deep = request.deep = options_flag(options, "deep");
    request.reason = option_text(options, "reason");
    goal_version(options, &request.has_expected_version, &request.expected_version);
    request.has_dry_run = request.dry_run = true;
    const Tiejun__V1__GoalServiceRebalanceResponse *response = ask_rebalance(context, &request);
    print_rebalance(context, response, &request);
    if (confirm(context, options, _("Take these goals?"))) {
        // What was shown is what is taken, or nothing.
        request.has_expected_version = true;
        request.expected_version = response->parent_version;
        request.dry_run = false;
        response = ask_rebalance(context, &request);
        say(context, "%s", _("Done: these goals are in force."));
    }
    (void)context_print_json(context, &response->base);
    return COMMAND_DONE;
}
