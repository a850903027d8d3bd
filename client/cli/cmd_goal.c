// tiejun goal: targets (domain.md 2.2 to 2.9); the larger verbs have a file each.

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/goal.h"
#include "client/cli/goal_pace.h"
#include "client/cli/goal_solve.h"
#include "client/cli/goal_table.h"
#include "client/cli/rates_said.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/render.h"
#include "client/lib/words.h"

#include <string.h>

// ---- show ----

static const struct option_spec show_options[] = {
    UNIT_OPTION,
    {"metric", 'm', OPTION_STRING, N_("METRIC"),
     N_("One metric; all that have a goal if not given")},
    RANGE_OPTIONS,
    CURRENCY_OPTION,
    {"by-currency", 0, OPTION_FLAG, NULL, N_("Every currency for itself, nothing converted")},
    OPTIONS_END,
};

static bool same_goal(const Tiejun__V1__GoalCoverage *one, const Tiejun__V1__GoalCoverage *other)
{
    return strcmp(or_empty(one->metric), or_empty(other->metric)) == 0 &&
           strcmp(or_empty(one->from_date), or_empty(other->from_date)) == 0 &&
           strcmp(or_empty(one->to_date), or_empty(other->to_date)) == 0;
}

static void print_rates(struct context *context, Tiejun__V1__GoalCoverage *const *goals,
                        size_t count)
{
    struct rates_used used = rates_room(context, count);
    for (size_t i = 0; i < count; i++)
        rates_add(&used, goals[i]->own_currency, goals[i]->rate, goals[i]->rate_date);
    say_rates(context, &used, or_empty(goals[0]->currency));
}

// A table for each metric and period.
static void print_coverage(struct context *context,
                           const Tiejun__V1__GoalServiceShowResponse *response)
{
    for (size_t first = 0, end; first < response->n_goals; first = end) {
        const Tiejun__V1__GoalCoverage *goal = response->goals[first];
        for (end = first + 1; end < response->n_goals; end++) {
            if (!same_goal(goal, response->goals[end]))
                break;
        }
        char metric[WORD_SIZE];
        bool money = goal->currency && *goal->currency;
        if (first > 0)
            say(context, "%s", "");
        say_in(context, TABLE_BOLD, _("%s%s%s, %s to %s"), word(goal->metric, metric),
               money ? " " : "", money ? goal->currency : "", or_empty(goal->from_date),
               or_empty(goal->to_date));
        context_print_table(context, goal_table_of_coverage(response->goals + first, end - first));
        print_rates(context, response->goals + first, end - first);
    }
}

static int goal_show(struct context *context, const struct options *options)
{
    Tiejun__V1__GoalServiceShowRequest request = TIEJUN__V1__GOAL_SERVICE_SHOW_REQUEST__INIT;
    request.unit = unit_text(options);
    request.metric = option_text(options, "metric");
    context_range(context, options, &request.from_date, &request.to_date);
    request.in_currency = option_text(options, "currency");
    request.has_by_currency = request.by_currency = options_flag(options, "by-currency");
    const Tiejun__V1__GoalServiceShowResponse *response =
        context_call(context, "tiejun.v1.GoalService.Show", &request.base);
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    if (context_mode(context) == OUTPUT_CSV) {
        context_print_table(context, goal_table_of_coverage(response->goals, response->n_goals));
        return COMMAND_DONE;
    }
    if (response->n_goals == 0)
        say(context, "%s",
            _("Neither this unit nor what is right below it has goals then. Set one with: tiejun "
              "goal set"));
    print_coverage(context, response);
    return COMMAND_DONE;
}

const struct command goal_commands[] = {
    {"goal", "set", N_("Set or change a target; a change is a new version"),
     N_("METRIC TARGET --unit UNIT|--person HANDLE --period PERIOD [OPTION...]"),
     N_("tiejun goal set revenue 1,200,000 --unit /West --period 2026-Q3"), goal_set_options, 2, 2,
     goal_set},
    {"goal", "split", N_("Split a unit's goal over what is below it, or along time, exactly"),
     N_("METRIC --unit UNIT --period PERIOD [--by HOW] [--weight CHILD=N...] [--stretch PERCENT] "
        "[--deep] [--along month] [OPTION...]"),
     N_("tiejun goal split revenue --unit /West --period 2026-Q3 \\\n"
        "    --by history --stretch 10\n"
        "tiejun goal split visits --unit /West --period 2026-07 --deep\n"
        "tiejun goal split revenue --unit / --period 2026 --along quarter --deep"),
     goal_split_options, 1, 1, goal_split},
    {"goal", "lock", N_("Keep a goal as it is when its parent is split"),
     N_("METRIC --unit UNIT|--person HANDLE --period PERIOD"),
     N_("tiejun goal lock revenue --unit /West --period 2026-Q3"), goal_change_options, 1, 1,
     goal_lock},
    {"goal", "unlock", N_("Let splits change a goal again"),
     N_("METRIC --unit UNIT|--person HANDLE --period PERIOD"),
     N_("tiejun goal unlock revenue --unit /West --period 2026-Q3"), goal_change_options, 1, 1,
     goal_unlock},
    {"goal", "stretch", N_("Put a stretch on a goal, which its parts are then split from"),
     N_("METRIC PERCENT --unit UNIT|--person HANDLE --period PERIOD"),
     N_("tiejun goal stretch revenue 10 --unit /West --period 2026-Q3"), goal_change_options, 2, 2,
     goal_stretch},
    {"goal", "rebalance", N_("Split what is left of a goal over the days that remain"),
     N_("METRIC --unit UNIT --period PERIOD [--by HOW] [--deep] [--yes|--dry-run]"),
     N_("tiejun goal rebalance visits --unit /West --period this-month --deep"),
     goal_rebalance_options, 1, 1, goal_rebalance},
    {"goal", "show", N_("Goals of a unit and below, and whether they add up"),
     N_("[UNIT] [--metric METRIC] [--period PERIOD]"),
     N_("tiejun goal show --unit /West --period 2026-Q3"), show_options, 0, 1, goal_show},
    {"goal", "tree", N_("A goal and all those below it, and where they do not add up"),
     N_("METRIC [--unit UNIT] --period PERIOD [--levels N]"),
     N_("tiejun goal tree revenue --unit /West --period 2026-Q3"), goal_tree_options, 1, 1,
     goal_tree},
    {"goal", "days", N_("A goal laid on its working days"),
     N_("METRIC --unit UNIT|--person HANDLE --period PERIOD [--season MONTH=FACTOR...]"),
     N_("tiejun goal days visits --person li.wei --period this-month"), goal_days_options, 1, 1,
     goal_days},
    {"goal", "history", N_("Every version of a goal: who, when, why"),
     N_("METRIC --unit UNIT|--person HANDLE --period PERIOD"),
     N_("tiejun goal history revenue --unit /West --period 2026-Q3"), goal_history_options, 1, 1,
     goal_history},
    {"goal", "diff", N_("What changed below a goal between two of its versions"),
     N_("METRIC [VERSION [VERSION]] --unit UNIT --period PERIOD"),
     N_("tiejun goal diff revenue 1 3 --unit /West --period 2026-Q3"), goal_diff_options, 1, 3,
     goal_diff},
    {"goal", "export", N_("Goals as CSV, for goal import"),
     N_("[UNIT] [--metric METRIC] [--period PERIOD] [--history]"),
     "tiejun goal export / --period 2026", goal_export_options, 0, 1, goal_export},
    {"goal", "import", N_("Set goals by a CSV file as goal export writes it"),
     N_("FILE.csv [--dry-run]"), "tiejun goal import goals.csv", goal_import_options, 1, 1,
     goal_import},
    {"goal", "pace", N_("Where a period under way stands, worst first"),
     N_("[UNIT] [--person HANDLE] [--period PERIOD] [--metric METRIC] [--as-of DATE]"),
     N_("tiejun goal pace /West --period this-month"), goal_pace_options, 0, 1, goal_pace},
    {"goal", "solve", N_("From the revenue gap to visits a day"),
     N_("[UNIT] [--person HANDLE] [--period PERIOD] [--what-if NAME=N,...] [--as-of DATE]"),
     N_("tiejun goal solve --person li.wei --period 2026-Q3\n"
        "tiejun goal solve /West --what-if rate.visit=12%,order=30,000"),
     goal_solve_options, 0, 1, goal_solve},
    {0},
};
