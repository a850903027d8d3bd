// tiejun goal split: from a goal to its parts (domain.md 2.3).

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

#include <unistd.h>

// ---- what comes of it ----

// The three answers are alike but for their types.
static void print_parts(struct context *context, const Tiejun__V1__GoalServiceSplitResponse *parts)
{
    char before[GOAL_AMOUNT_SIZE];
    char after[GOAL_AMOUNT_SIZE];
    char percent[32];
    render_money(parts->parent_target, parts->currency, before, sizeof before);
    render_money(parts->stretched_target, parts->currency, after, sizeof after);
    if (parts->stretch_milli)
        say(context, _("%s, with a stretch of %s: %s"), before,
            render_percent(parts->stretch_milli, percent, sizeof percent), after);
    else
        say(context, _("%s, split exactly:"), before);
    context_print_table(context, goal_table_of_shares(parts, true));
}

// A person at a terminal is asked before goals that are there change; a script says what it wants.
static bool asks_first(const struct options *options)
{
    return !options_flag(options, "yes") && !options_flag(options, "dry-run") &&
           isatty(STDIN_FILENO) == 1;
}

static size_t count_changed(const Tiejun__V1__GoalServiceSplitResponse *parts)
{
    size_t changed = 0;
    for (size_t i = 0; i < parts->n_shares; i++)
        changed += parts->shares[i]->has_target_before &&
                   parts->shares[i]->target_before != parts->shares[i]->target;
    return changed;
}

// What a try came to, and whether it is to be done.
static bool agrees(struct context *context, const struct options *options,
                   const Tiejun__V1__GoalServiceSplitResponse *parts)
{
    size_t changed = count_changed(parts);
    if (changed == 0)
        return true;
    print_parts(context, parts);
    return confirm(
        context, options,
        context_text(context,
                     ngettext("This changes %zu goal that is there. Take these?",
                              "This changes %zu goals that are there. Take these?", changed),
                     changed));
}

static void print_split(struct context *context, const struct options *options,
                        const Tiejun__V1__GoalServiceSplitResponse *parts)
{
    print_parts(context, parts);
    if (options_flag(options, "dry-run"))
        say_in(context, TABLE_DIM, "%s", _("Nothing was changed."));
}

// ---- split ----

const struct option_spec goal_split_options[] = {
    UNIT_OPTION,
    PERSON_OPTION,
    RANGE_OPTIONS,
    CURRENCY_OPTION,
    {"by", 'b', OPTION_STRING, N_("HOW"),
     N_("headcount (reps; if not given), equal, history, capacity or stated")},
    {"weight", 'w', OPTION_LIST, N_("CHILD=N"), N_("For stated, one for each child or part")},
    {"last", 0, OPTION_INTEGER, N_("N"), N_("For history: of how many periods before; 1")},
    {"stretch", 0, OPTION_STRING, N_("PERCENT"), N_("Raise the target first: 10 or 7.5")},
    {"deep", 0, OPTION_FLAG, NULL, N_("Down to the people, not only what is right below")},
    {"along", 0, OPTION_STRING, N_("PART"),
     N_("Along time: quarter, month, week or day; by working days if not --by")},
    {"season", 0, OPTION_LIST, N_("MONTH=FACTOR"), N_("Along time: 2026-11=1.5 or 11=1.5")},
    GOAL_CHANGE_OPTIONS,
    CONFIRM_OPTIONS,
    OPTIONS_END,
};

static const Tiejun__V1__GoalServiceSplitAlongResponse *
ask_along(struct context *context, const Tiejun__V1__GoalServiceSplitAlongRequest *request)
{
    return context_call(context, "tiejun.v1.GoalService.SplitAlong", &request->base);
}

static Tiejun__V1__GoalServiceSplitResponse
parts_of(const Tiejun__V1__GoalServiceSplitAlongResponse *response)
{
    Tiejun__V1__GoalServiceSplitResponse parts = TIEJUN__V1__GOAL_SERVICE_SPLIT_RESPONSE__INIT;
    parts.parent_target = response->parent_target;
    parts.stretched_target = response->stretched_target;
    parts.stretch_milli = response->stretch_milli;
    parts.currency = response->currency;
    parts.n_shares = response->n_shares;
    parts.shares = response->shares;
    return parts;
}

static int split_along(struct context *context, const struct options *options)
{
    Tiejun__V1__GoalServiceSplitAlongRequest request =
        TIEJUN__V1__GOAL_SERVICE_SPLIT_ALONG_REQUEST__INIT;
    request.metric = argument_text(options, 0);
    request.unit = option_text(options, "unit");
    request.person = option_text(options, "person");
    goal_range(context, options, &request.from_date, &request.to_date);
    request.currency = goal_currency(context, options, request.metric, request.unit);
    request.has_part = true;
    request.part = option_enum(options, "along", &tiejun__v1__goal_part__descriptor);
    request.weights = goal_read_weights(context, options, "weight", 0, &request.n_weights);
    request.seasons =
        goal_read_weights(context, options, "season", SEASON_DECIMALS, &request.n_seasons);
    request.has_method = true;
    request.method = goal_read_method(options, request.n_weights,
                                      TIEJUN__V1__SPLIT_METHOD__SPLIT_METHOD_CAPACITY);
    if (options_given(options, "stretch"))
        refuse_usage(_("A stretch comes first: tiejun goal stretch"));
    request.has_deep = request.deep = options_flag(options, "deep");
    request.reason = option_text(options, "reason");
    goal_version(options, &request.has_expected_version, &request.expected_version);
    request.has_dry_run = true;
    request.dry_run = options_flag(options, "dry-run") || asks_first(options);
    const Tiejun__V1__GoalServiceSplitAlongResponse *response = ask_along(context, &request);
    Tiejun__V1__GoalServiceSplitResponse parts = parts_of(response);
    if (asks_first(options)) {
        if (!agrees(context, options, &parts))
            return COMMAND_DONE;
        // What was shown is what is taken, or nothing.
        request.has_expected_version = true;
        request.expected_version = response->parent_version;
        request.dry_run = false;
        response = ask_along(context, &request);
        parts = parts_of(response);
    }
    if (!context_print_json(context, &response->base))
        print_split(context, options, &parts);
    return COMMAND_DONE;
}

static const Tiejun__V1__GoalServiceSplitResponse *
ask_split(struct context *context, const Tiejun__V1__GoalServiceSplitRequest *request)
{
    return context_call(context, "tiejun.v1.GoalService.Split", &request->base);
}

static int split_down(struct context *context, const struct options *options)
{
    Tiejun__V1__GoalServiceSplitRequest request = TIEJUN__V1__GOAL_SERVICE_SPLIT_REQUEST__INIT;
    if (options_given(options, "person"))
        refuse_usage(_("A person's goal is split along time alone: --along month"));
    request.metric = argument_text(options, 0);
    request.unit = option_text(options, "unit");
    goal_range(context, options, &request.from_date, &request.to_date);
    request.currency = goal_currency(context, options, request.metric, request.unit);
    request.weights = goal_read_weights(context, options, "weight", 0, &request.n_weights);
    request.has_method = true;
    request.method = goal_read_method(options, request.n_weights,
                                      TIEJUN__V1__SPLIT_METHOD__SPLIT_METHOD_HEADCOUNT);
    request.has_periods = options_given(options, "last");
    request.periods = (int32_t)options_integer(options, "last", 1);
    request.has_stretch_milli = options_given(options, "stretch");
    if (request.has_stretch_milli)
        request.stretch_milli = goal_read_stretch(options_string(options, "stretch"));
    request.has_deep = request.deep = options_flag(options, "deep");
    request.reason = option_text(options, "reason");
    goal_version(options, &request.has_expected_version, &request.expected_version);
    request.has_dry_run = true;
    request.dry_run = options_flag(options, "dry-run") || asks_first(options);
    const Tiejun__V1__GoalServiceSplitResponse *response = ask_split(context, &request);
    if (asks_first(options)) {
        if (!agrees(context, options, response))
            return COMMAND_DONE;
        request.has_expected_version = true;
        request.expected_version = response->parent_version;
        request.dry_run = false;
        response = ask_split(context, &request);
    }
    if (!context_print_json(context, &response->base))
        print_split(context, options, response);
    return COMMAND_DONE;
}

int goal_split(struct context *context, const struct options *options)
{
    return options_given(options, "along") ? split_along(context, options)
                                           : split_down(context, options);
}
