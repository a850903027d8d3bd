// tiejun goal: targets (domain.md 2.2 to 2.4).

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/goal_pace.h"
#include "client/cli/goal_solve.h"
#include "client/cli/goal_table.h"
#include "client/cli/words.h"
#include "client/lib/render.h"
#include "common/arena.h"
#include "common/money.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Ten times the target, in thousandths.
#define STRETCH_MAX 9000
#define AMOUNT_SIZE (MONEY_TEXT_SIZE + 8)

// ---- set ----

static const struct option_spec set_options[] = {
    UNIT_OPTION,
    PERSON_OPTION,
    RANGE_OPTIONS,
    CURRENCY_OPTION,
    {"lock", 0, OPTION_FLAG, NULL, N_("A split leaves it as it is")},
    {"reason", 0, OPTION_STRING, N_("TEXT"), N_("Why, kept with the version")},
    {"if-version", 0, OPTION_INTEGER, N_("N"), N_("Only when this is still its version")},
    OPTIONS_END,
};

static void require_range(struct context *context, const struct options *options, char **from,
                          char **to)
{
    context_range(context, options, from, to);
    if (!*from || !*to)
        refuse_usage(_("A goal is for a period: --period 2026-Q3, or --from and --to."));
}

static const char *unit_currency(struct context *context, const char *unit)
{
    Tiejun__V1__OrgServiceShowRequest request = TIEJUN__V1__ORG_SERVICE_SHOW_REQUEST__INIT;
    request.unit = (char *)unit;
    request.has_depth = true;
    const Tiejun__V1__OrgServiceShowResponse *response =
        context_call(context, "tiejun.v1.OrgService.Show", &request.base);
    return response->n_units > 0 ? response->units[0]->currency : NULL;
}

// NULL for metrics that count. A unit's goals are in the unit's own money.
static char *goal_currency(struct context *context, const struct options *options,
                           const char *metric, const char *unit)
{
    if (!context_metric_is_money(context, metric))
        return NULL;
    const char *own =
        unit && !options_given(options, "currency") ? unit_currency(context, unit) : NULL;
    return (char *)(own ? own : context_currency(context, options));
}

static void read_version(const struct options *options, protobuf_c_boolean *has, int32_t *version)
{
    *has = options_given(options, "if-version");
    *version = (int32_t)options_integer(options, "if-version", 0);
}

static void print_goal(const struct context *context, const Tiejun__V1__Goal *goal)
{
    char metric[WORD_SIZE];
    char amount[AMOUNT_SIZE];
    say(context, _("%s of %s, %s to %s: %s (version %d)"), word(goal->metric, metric),
        or_empty(goal->person ? goal->person : goal->unit), or_empty(goal->from_date),
        or_empty(goal->to_date), render_money(goal->target, goal->currency, amount, sizeof amount),
        goal->version);
    if (goal->locked)
        say(context, "%s", _("Locked: a split leaves it as it is."));
}

static int goal_set(struct context *context, const struct options *options)
{
    Tiejun__V1__GoalServiceSetRequest request = TIEJUN__V1__GOAL_SERVICE_SET_REQUEST__INIT;
    request.unit = option_text(options, "unit");
    request.person = option_text(options, "person");
    if (request.unit && request.person)
        refuse_usage(_("A goal is of a unit or of a person: --unit or --person."));
    request.metric = argument_text(options, 0);
    require_range(context, options, &request.from_date, &request.to_date);
    request.currency = goal_currency(context, options, request.metric, request.unit);
    request.has_target = true;
    request.target = context_target(argument_text(options, 1), request.currency);
    request.reason = option_text(options, "reason");
    request.has_locked = request.locked = options_flag(options, "lock");
    read_version(options, &request.has_expected_version, &request.expected_version);
    const Tiejun__V1__GoalServiceSetResponse *response =
        context_call(context, "tiejun.v1.GoalService.Set", &request.base);
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    if (response->goal)
        print_goal(context, response->goal);
    return COMMAND_DONE;
}

// ---- split ----

static const struct option_spec split_options[] = {
    UNIT_OPTION,
    RANGE_OPTIONS,
    CURRENCY_OPTION,
    {"by", 'b', OPTION_STRING, N_("HOW"), N_("equal, headcount (if not given) or stated")},
    {"weight", 'w', OPTION_LIST, N_("CHILD=N"), N_("For stated, one for each child")},
    {"stretch", 0, OPTION_STRING, N_("PERCENT"), N_("Raise the target first: 10 or 7.5")},
    {"reason", 0, OPTION_STRING, N_("TEXT"), N_("Why, kept with the versions")},
    {"dry-run", 0, OPTION_FLAG, NULL, N_("Work it out and change nothing")},
    {"if-version", 0, OPTION_INTEGER, N_("N"), N_("Only when this is still the goal's version")},
    OPTIONS_END,
};

// "7.5" or "7.5%" to 75 thousandths.
static int32_t read_stretch(const char *text)
{
    char *end = NULL;
    long milli = strtol(text, &end, 10) * 10;
    bool good = isdigit((unsigned char)*text) && milli >= 0 && milli <= STRETCH_MAX;
    if (end[0] == '.' && isdigit((unsigned char)end[1])) {
        milli += end[1] - '0';
        end += 2;
    }
    if (*end == '%')
        end++;
    if (!good || *end)
        refuse_usage(_("\"%s\" is no stretch; write it like 10 or 7.5, in percent."), text);
    return (int32_t)milli;
}

static Tiejun__V1__StatedWeight *read_weight(struct context *context, const char *text)
{
    Tiejun__V1__StatedWeight *weight = arena_alloc(context_arena(context), sizeof *weight);
    if (!weight)
        abort();
    tiejun__v1__stated_weight__init(weight);
    const char *equals = strrchr(text, '=');
    char *end = NULL;
    weight->has_weight = true;
    weight->weight = equals ? strtoll(equals + 1, &end, 10) : 0;
    if (!equals || equals == text || end == equals + 1 || *end || weight->weight < 0)
        refuse_usage(_("\"%s\" is no weight; write it like \"Team 1=30\"."), text);
    weight->child = context_text(context, "%.*s", (int)(equals - text), text);
    return weight;
}

static void read_weights(struct context *context, const struct options *options,
                         Tiejun__V1__GoalServiceSplitRequest *request)
{
    size_t count = options_list(options, "weight", NULL, 0);
    const char **texts = arena_alloc(context_arena(context), (count + 1) * sizeof *texts);
    request->weights = arena_alloc(context_arena(context), (count + 1) * sizeof *request->weights);
    if (!texts || !request->weights)
        abort();
    request->n_weights = options_list(options, "weight", texts, count);
    for (size_t i = 0; i < count; i++)
        request->weights[i] = read_weight(context, texts[i]);
}

static Tiejun__V1__SplitMethod read_split_method(const struct options *options, size_t weights)
{
    Tiejun__V1__SplitMethod method =
        option_enum(options, "by", &tiejun__v1__split_method__descriptor);
    if (method == TIEJUN__V1__SPLIT_METHOD__SPLIT_METHOD_UNSPECIFIED)
        method = weights > 0 ? TIEJUN__V1__SPLIT_METHOD__SPLIT_METHOD_STATED
                             : TIEJUN__V1__SPLIT_METHOD__SPLIT_METHOD_HEADCOUNT;
    bool stated = method == TIEJUN__V1__SPLIT_METHOD__SPLIT_METHOD_STATED;
    if (stated != (weights > 0))
        refuse_usage(_("--by stated goes with a --weight CHILD=N for each child, and only so."));
    return method;
}

static void print_split(struct context *context, const struct options *options,
                        const Tiejun__V1__GoalServiceSplitResponse *response)
{
    char before[AMOUNT_SIZE];
    char after[AMOUNT_SIZE];
    char percent[32];
    render_money(response->parent_target, response->currency, before, sizeof before);
    render_money(response->stretched_target, response->currency, after, sizeof after);
    if (response->stretch_milli)
        say(context, _("%s, with a stretch of %s: %s"), before,
            render_percent(response->stretch_milli, percent, sizeof percent), after);
    else
        say(context, _("%s, split exactly:"), before);
    context_print_table(context, goal_table_of_shares(response));
    if (options_flag(options, "dry-run"))
        say_in(context, TABLE_DIM, "%s", _("Nothing was changed."));
}

static int goal_split(struct context *context, const struct options *options)
{
    Tiejun__V1__GoalServiceSplitRequest request = TIEJUN__V1__GOAL_SERVICE_SPLIT_REQUEST__INIT;
    request.metric = argument_text(options, 0);
    request.unit = option_text(options, "unit");
    require_range(context, options, &request.from_date, &request.to_date);
    request.currency = goal_currency(context, options, request.metric, request.unit);
    read_weights(context, options, &request);
    request.has_method = true;
    request.method = read_split_method(options, request.n_weights);
    request.has_stretch_milli = options_given(options, "stretch");
    if (request.has_stretch_milli)
        request.stretch_milli = read_stretch(options_string(options, "stretch"));
    request.reason = option_text(options, "reason");
    request.has_dry_run = request.dry_run = options_flag(options, "dry-run");
    read_version(options, &request.has_expected_version, &request.expected_version);
    const Tiejun__V1__GoalServiceSplitResponse *response =
        context_call(context, "tiejun.v1.GoalService.Split", &request.base);
    if (!context_print_json(context, &response->base))
        print_split(context, options, response);
    return COMMAND_DONE;
}

// ---- show ----

static const struct option_spec show_options[] = {
    UNIT_OPTION,
    {"metric", 'm', OPTION_STRING, N_("METRIC"),
     N_("One metric; all that have a goal if not given")},
    RANGE_OPTIONS,
    OPTIONS_END,
};

static bool same_goal(const Tiejun__V1__GoalCoverage *one, const Tiejun__V1__GoalCoverage *other)
{
    return strcmp(or_empty(one->metric), or_empty(other->metric)) == 0 &&
           strcmp(or_empty(one->from_date), or_empty(other->from_date)) == 0 &&
           strcmp(or_empty(one->to_date), or_empty(other->to_date)) == 0;
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
    }
}

static int goal_show(struct context *context, const struct options *options)
{
    Tiejun__V1__GoalServiceShowRequest request = TIEJUN__V1__GOAL_SERVICE_SHOW_REQUEST__INIT;
    request.unit = unit_text(options);
    request.metric = option_text(options, "metric");
    context_range(context, options, &request.from_date, &request.to_date);
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
            _("This unit has no goals then; those below may. Set one with: tiejun goal set"));
    print_coverage(context, response);
    return COMMAND_DONE;
}

const struct command goal_commands[] = {
    {"goal", "set", N_("Set or change a target; a change is a new version"),
     N_("METRIC TARGET --unit UNIT|--person HANDLE --period PERIOD [OPTION...]"),
     N_("tiejun goal set revenue 1,200,000 --unit /West --period 2026-Q3"), set_options, 2, 2,
     goal_set},
    {"goal", "split", N_("Split a unit's goal over what is right below it, exactly"),
     N_("METRIC --unit UNIT --period PERIOD [--by HOW] [--weight CHILD=N...] [--stretch PERCENT] "
        "[OPTION...]"),
     N_("tiejun goal split revenue --unit /West --period 2026-Q3 --by headcount \\\n"
        "    --stretch 10\n"
        "tiejun goal split visits --unit /West --period 2026-07 \\\n"
        "    --weight East=2 --weight South=3"),
     split_options, 1, 1, goal_split},
    {"goal", "show", N_("Goals of a unit and below, and whether they add up"),
     N_("[UNIT] [--metric METRIC] [--period PERIOD]"),
     N_("tiejun goal show --unit /West --period 2026-Q3"), show_options, 0, 1, goal_show},
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
