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
#include "common/message.h"

// ---- what comes of it ----

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

// Goals that are there change only when somebody says so.
static bool tries_first(const struct options *options)
{
    return !options_flag(options, "yes") && !options_flag(options, "dry-run");
}

static size_t count_changed(const Tiejun__V1__GoalServiceSplitResponse *parts)
{
    size_t changed = 0;
    for (size_t i = 0; i < parts->n_shares; i++)
        changed += parts->shares[i]->has_target_before &&
                   parts->shares[i]->target_before != parts->shares[i]->target;
    return changed;
}

// What a try came to is shown when it would change goals that are there.
static void let_agree(struct context *context, const struct options *options,
                      const Tiejun__V1__GoalServiceSplitResponse *parts)
{
    size_t changed = count_changed(parts);
    if (changed == 0)
        return;
    print_parts(context, parts);
    confirm_or_end(
        context, options,
        context_text(context,
                     ngettext("This changes %zu goal that is there. Take these?",
                              "This changes %zu goals that are there. Take these?", changed),
                     changed));
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

// What both ways of splitting are told.
static void read_split(struct context *context, const struct options *options,
                       Tiejun__V1__SplitMethod usual, Tiejun__V1__GoalServiceSplitRequest *request)
{
    request->metric = argument_text(options, 0);
    request->unit = option_text(options, "unit");
    goal_range(context, options, &request->from_date, &request->to_date);
    request->currency = goal_currency(context, options, request->metric, request->unit);
    request->weights = goal_read_weights(context, options, "weight", 0, &request->n_weights);
    request->has_method = true;
    request->method = goal_read_method(options, request->n_weights, usual);
    request->has_deep = request->deep = options_flag(options, "deep");
    request->reason = option_text(options, "reason");
    goal_version(options, &request->has_expected_version, &request->expected_version);
    request->has_dry_run = true;
    request->dry_run = options_flag(options, "dry-run") || tries_first(options);
}

// One of the two methods, by its request of its own type.
struct split {
    const char *method;
    ProtobufCMessage *request;
};

// The two answers are alike but for their types.
static const ProtobufCMessage *ask(struct context *context, const struct split *split,
                                   Tiejun__V1__GoalServiceSplitResponse *parts)
{
    const ProtobufCMessage *response = context_call(context, split->method, split->request);
    tiejun__v1__goal_service_split_response__init(parts);
    message_share(response, &parts->base);
    return response;
}

// What was shown is what is taken, or nothing.
static const ProtobufCMessage *take(struct context *context, const struct split *split,
                                    Tiejun__V1__GoalServiceSplitResponse *parts)
{
    Tiejun__V1__GoalServiceSplitRequest taken = TIEJUN__V1__GOAL_SERVICE_SPLIT_REQUEST__INIT;
    message_share(split->request, &taken.base);
    taken.has_expected_version = true;
    taken.expected_version = parts->parent_version;
    taken.dry_run = false;
    message_share(&taken.base, split->request);
    return ask(context, split, parts);
}

static int run(struct context *context, const struct options *options, const struct split *split)
{
    Tiejun__V1__GoalServiceSplitResponse parts;
    const ProtobufCMessage *response = ask(context, split, &parts);
    if (tries_first(options)) {
        let_agree(context, options, &parts);
        response = take(context, split, &parts);
    }
    if (context_print_json(context, response))
        return COMMAND_DONE;
    print_parts(context, &parts);
    if (options_flag(options, "dry-run"))
        say_in(context, TABLE_DIM, "%s", _("Nothing was changed."));
    return COMMAND_DONE;
}

static int split_along(struct context *context, const struct options *options)
{
    Tiejun__V1__GoalServiceSplitRequest common = TIEJUN__V1__GOAL_SERVICE_SPLIT_REQUEST__INIT;
    Tiejun__V1__GoalServiceSplitAlongRequest request =
        TIEJUN__V1__GOAL_SERVICE_SPLIT_ALONG_REQUEST__INIT;
    if (options_given(options, "stretch"))
        refuse_usage(_("A stretch comes first: tiejun goal stretch"));
    if (options_given(options, "last"))
        refuse_usage(_("--last is for a split down the tree; along time, leave it out."));
    read_split(context, options, TIEJUN__V1__SPLIT_METHOD__SPLIT_METHOD_CAPACITY, &common);
    message_share(&common.base, &request.base);
    request.person = option_text(options, "person");
    request.has_part = true;
    request.part = option_enum(options, "along", &tiejun__v1__goal_part__descriptor);
    request.seasons =
        goal_read_weights(context, options, "season", SEASON_DECIMALS, &request.n_seasons);
    return run(context, options,
               &(struct split){"tiejun.v1.GoalService.SplitAlong", &request.base});
}

static int split_down(struct context *context, const struct options *options)
{
    Tiejun__V1__GoalServiceSplitRequest request = TIEJUN__V1__GOAL_SERVICE_SPLIT_REQUEST__INIT;
    if (options_given(options, "person"))
        refuse_usage(_("A person's goal is split along time alone: --along month"));
    if (options_given(options, "season"))
        refuse_usage(_("A season is for a split along time: --along month"));
    read_split(context, options, TIEJUN__V1__SPLIT_METHOD__SPLIT_METHOD_HEADCOUNT, &request);
    goal_periods(options, request.method, &request.has_periods, &request.periods);
    request.has_stretch_milli = options_given(options, "stretch");
    if (request.has_stretch_milli)
        request.stretch_milli = goal_read_stretch(options_string(options, "stretch"));
    return run(context, options, &(struct split){"tiejun.v1.GoalService.Split", &request.base});
}

int goal_split(struct context *context, const struct options *options)
{
    return options_given(options, "along") ? split_along(context, options)
                                           : split_down(context, options);
}
