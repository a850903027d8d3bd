// tiejun goal set, lock, unlock, stretch: one goal's new version (domain.md 2.2, 2.3).

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/goal.h"
#include "client/cli/goal_arguments.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/render.h"
#include "client/lib/words.h"

const struct option_spec goal_set_options[] = {
    UNIT_OPTION,
    PERSON_OPTION,
    RANGE_OPTIONS,
    CURRENCY_OPTION,
    {"lock", 0, OPTION_FLAG, NULL, N_("A split leaves it as it is")},
    GOAL_CHANGE_OPTIONS,
    OPTIONS_END,
};

const struct option_spec goal_change_options[] = {
    UNIT_OPTION, PERSON_OPTION, RANGE_OPTIONS, CURRENCY_OPTION, GOAL_CHANGE_OPTIONS, OPTIONS_END,
};

static void print_goal(const struct context *context, const Tiejun__V1__Goal *goal)
{
    char metric[WORD_SIZE];
    char amount[GOAL_AMOUNT_SIZE];
    char percent[32];
    say(context, _("%s of %s, %s to %s: %s (version %d)"), word(goal->metric, metric),
        or_empty(goal->person ? goal->person : goal->unit), or_empty(goal->from_date),
        or_empty(goal->to_date), render_money(goal->target, goal->currency, amount, sizeof amount),
        goal->version);
    if (goal->stretch_milli > 0)
        say(context, _("With its stretch of %s it is %s."),
            render_percent(goal->stretch_milli, percent, sizeof percent),
            render_money(goal->stretched_target, goal->currency, amount, sizeof amount));
    if (goal->locked)
        say(context, "%s", _("Locked: a split leaves it as it is."));
}

static void read_scope(struct context *context, const struct options *options,
                       Tiejun__V1__GoalServiceSetRequest *request)
{
    request->unit = option_text(options, "unit");
    request->person = option_text(options, "person");
    if (request->unit && request->person)
        refuse_usage(_("A goal is of a unit or of a person: --unit or --person."));
    request->metric = argument_text(options, 0);
    goal_range(context, options, &request->from_date, &request->to_date);
    request->currency = goal_currency(context, options, request->metric, request->unit);
    request->reason = option_text(options, "reason");
    goal_version(options, &request->has_expected_version, &request->expected_version);
}

static int send(struct context *context, const Tiejun__V1__GoalServiceSetRequest *request)
{
    const Tiejun__V1__GoalServiceSetResponse *response =
        context_call(context, "tiejun.v1.GoalService.Set", &request->base);
    if (!context_print_json(context, &response->base) && response->goal)
        print_goal(context, response->goal);
    return COMMAND_DONE;
}

int goal_set(struct context *context, const struct options *options)
{
    Tiejun__V1__GoalServiceSetRequest request = TIEJUN__V1__GOAL_SERVICE_SET_REQUEST__INIT;
    read_scope(context, options, &request);
    request.has_target = true;
    request.target = context_target(argument_text(options, 1), request.currency);
    request.has_locked = request.locked = options_flag(options, "lock");
    return send(context, &request);
}

static int set_lock(struct context *context, const struct options *options, bool locked)
{
    Tiejun__V1__GoalServiceSetRequest request = TIEJUN__V1__GOAL_SERVICE_SET_REQUEST__INIT;
    read_scope(context, options, &request);
    request.has_locked = true;
    request.locked = locked;
    return send(context, &request);
}

int goal_lock(struct context *context, const struct options *options)
{
    return set_lock(context, options, true);
}

int goal_unlock(struct context *context, const struct options *options)
{
    return set_lock(context, options, false);
}

int goal_stretch(struct context *context, const struct options *options)
{
    Tiejun__V1__GoalServiceSetRequest request = TIEJUN__V1__GOAL_SERVICE_SET_REQUEST__INIT;
    read_scope(context, options, &request);
    request.has_stretch_milli = true;
    request.stretch_milli = goal_read_stretch(argument_text(options, 1));
    return send(context, &request);
}
