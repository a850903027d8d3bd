// tiejun goal tree: the whole cascade of a goal, with coverage (domain.md 2.4).

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/goal.h"
#include "client/cli/goal_arguments.h"
#include "client/cli/goal_table.h"
#include "client/cli/rates_said.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/words.h"

const struct option_spec goal_tree_options[] = {
    UNIT_OPTION,
    RANGE_OPTIONS,
    CURRENCY_OPTION,
    {"levels", 0, OPTION_INTEGER, N_("N"), N_("How deep; all the way when left out")},
    OPTIONS_END,
};

// Short, over, and without a rate, in words below the tree.
static void say_mismatches(struct context *context,
                           const Tiejun__V1__GoalServiceTreeResponse *response)
{
    unsigned long wrong = 0;
    unsigned long without_rate = 0;
    for (size_t i = 0; i < response->n_nodes; i++) {
        const Tiejun__V1__GoalNode *node = response->nodes[i];
        wrong += node->has_coverage_gap && node->coverage_gap != 0;
        without_rate += node->own_currency && *node->own_currency && !(node->rate && *node->rate);
    }
    if (wrong > 0)
        say_in(context, TABLE_WARN,
               ngettext("%lu goal is not what those below it add up to.",
                        "%lu goals are not what those below them add up to.", wrong),
               wrong);
    else
        say_in(context, TABLE_GOOD, "%s", _("Everything adds up."));
    if (without_rate > 0)
        say_in(context, TABLE_BAD,
               ngettext("%lu goal in another currency has no rate and is not counted. Bring "
                        "rates with: tiejun rate import FILE.csv",
                        "%lu goals in other currencies have no rate and are not counted. Bring "
                        "rates with: tiejun rate import FILE.csv",
                        without_rate),
               without_rate);
}

static void say_tree_rates(struct context *context,
                           const Tiejun__V1__GoalServiceTreeResponse *response)
{
    struct rates_used used = rates_room(context, response->n_nodes);
    for (size_t i = 0; i < response->n_nodes; i++) {
        const Tiejun__V1__GoalNode *node = response->nodes[i];
        rates_add(&used, node->own_currency, node->rate, node->rate_date);
    }
    say_rates(context, &used, or_empty(response->currency));
}

int goal_tree(struct context *context, const struct options *options)
{
    Tiejun__V1__GoalServiceTreeRequest request = TIEJUN__V1__GOAL_SERVICE_TREE_REQUEST__INIT;
    char metric[WORD_SIZE];
    request.metric = argument_text(options, 0);
    request.unit = option_text(options, "unit");
    goal_range(context, options, &request.from_date, &request.to_date);
    request.currency = goal_currency(context, options, request.metric, request.unit);
    request.has_levels = options_given(options, "levels");
    request.levels = (int32_t)options_integer(options, "levels", 0);
    const Tiejun__V1__GoalServiceTreeResponse *response =
        context_call(context, "tiejun.v1.GoalService.Tree", &request.base);
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    bool money = response->currency && *response->currency;
    say_in(context, TABLE_BOLD, _("%s%s%s, %s to %s"), word(request.metric, metric),
           money ? " " : "", money ? response->currency : "", or_empty(response->from_date),
           or_empty(response->to_date));
    context_print_table(context, goal_table_of_tree(response));
    if (context_mode(context) == OUTPUT_TABLE) {
        say_tree_rates(context, response);
        say_mismatches(context, response);
    }
    return COMMAND_DONE;
}
