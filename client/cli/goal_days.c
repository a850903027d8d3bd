// tiejun goal days: a goal laid on its working days (domain.md 2.6).

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/goal.h"
#include "client/cli/goal_arguments.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/render.h"
#include "client/lib/words.h"

const struct option_spec goal_days_options[] = {
    UNIT_OPTION,
    PERSON_OPTION,
    RANGE_OPTIONS,
    CURRENCY_OPTION,
    {"season", 0, OPTION_LIST, N_("MONTH=FACTOR"),
     N_("Weighs its days: 2026-11=1.5 or 11=1.5; if not given, as it was split along time")},
    OPTIONS_END,
};

enum { DAY_DATE, DAY_TARGET, DAY_SUM };

static const struct table_column columns[] = {
    [DAY_DATE] = {"date", N_("day"), 0},
    [DAY_TARGET] = {"target", N_("target"), TABLE_RIGHT},
    [DAY_SUM] = {"sum", N_("in all"), TABLE_RIGHT},
    {NULL, NULL, 0},
};

// Days without a target, mostly days off, are left out of the screen; a file has every day.
static struct table *table_of(struct context *context,
                              const Tiejun__V1__GoalServicePhaseResponse *response,
                              const Tiejun__V1__PhasedGoal *goal)
{
    struct table *table = table_new(columns);
    date_day first = 0;
    int64_t sum = 0;
    (void)date_parse(or_empty(response->from_date), &first);
    for (size_t i = 0; i < goal->n_targets; i++) {
        char text[64];
        char plain[DATE_TEXT_SIZE];
        sum += goal->targets[i];
        if (goal->targets[i] == 0 && context_mode(context) == OUTPUT_TABLE)
            continue;
        size_t row = table_add(table);
        date_format(first + (date_day)i, plain);
        table_set_raw(table, row, DAY_DATE, render_day(first + (date_day)i, text, sizeof text),
                      plain);
        table_set_money(table, row, DAY_TARGET, goal->targets[i], response->currency);
        table_set_money(table, row, DAY_SUM, sum, response->currency);
    }
    return table;
}

int goal_days(struct context *context, const struct options *options)
{
    Tiejun__V1__GoalServicePhaseRequest request = TIEJUN__V1__GOAL_SERVICE_PHASE_REQUEST__INIT;
    request.metric = argument_text(options, 0);
    request.unit = option_text(options, "unit");
    request.person = option_text(options, "person");
    goal_range(context, options, &request.from_date, &request.to_date);
    request.currency = goal_currency(context, options, request.metric, request.unit);
    request.seasons =
        goal_read_weights(context, options, "season", SEASON_DECIMALS, &request.n_seasons);
    const Tiejun__V1__GoalServicePhaseResponse *response =
        context_call(context, "tiejun.v1.GoalService.Phase", &request.base);
    if (context_print_json(context, &response->base) || response->n_goals == 0)
        return COMMAND_DONE;
    const Tiejun__V1__PhasedGoal *goal = response->goals[0];
    char amount[GOAL_AMOUNT_SIZE];
    context_print_table(context, table_of(context, response, goal));
    if (request.n_seasons == 0 && goal->kept_seasons && *goal->kept_seasons)
        say(context, _("Its days are weighed by the season %s."),
            goal_seasons_text(goal->kept_seasons, amount, sizeof amount));
    if (goal->rebalanced_from && *goal->rebalanced_from)
        say(context, _("Re-balanced on %s, when %s was done; the days before are as they were."),
            goal->rebalanced_from,
            render_money(goal->done, response->currency, amount, sizeof amount));
    return COMMAND_DONE;
}
