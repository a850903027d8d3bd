// tiejun goal history, diff: how a goal came to be what it is (domain.md 2.2).

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/goal.h"
#include "client/cli/goal_arguments.h"
#include "client/cli/goal_table.h"
#include "client/cli/say.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "client/lib/render.h"
#include "client/lib/words.h"

#include <stdlib.h>

// ---- history ----

const struct option_spec goal_history_options[] = {
    UNIT_OPTION, PERSON_OPTION, RANGE_OPTIONS, CURRENCY_OPTION, OPTIONS_END,
};

enum {
    VERSION_NUMBER,
    VERSION_MADE,
    VERSION_ACTOR,
    VERSION_TARGET,
    VERSION_STRETCH,
    VERSION_METHOD,
    VERSION_LOCKED,
    VERSION_REBALANCED,
    VERSION_SEASON,
    VERSION_REASON,
    VERSION_BROUGHT,
};

static const struct table_column version_columns[] = {
    [VERSION_NUMBER] = {"version", N_("v."), TABLE_RIGHT},
    [VERSION_MADE] = {"made_at", N_("made"), 0},
    [VERSION_ACTOR] = {"actor", N_("by"), TABLE_TRUNCATE},
    [VERSION_TARGET] = {"target", N_("target"), TABLE_RIGHT},
    [VERSION_STRETCH] = {"stretch", N_("stretch"), TABLE_RIGHT | TABLE_IF_ANY},
    [VERSION_METHOD] = {"method", N_("split by"), TABLE_IF_ANY},
    [VERSION_LOCKED] = {"locked", "", TABLE_IF_ANY},
    [VERSION_REBALANCED] = {"rebalanced_from", N_("re-balanced"), TABLE_IF_ANY},
    [VERSION_SEASON] = {"season", N_("season"), TABLE_IF_ANY},
    [VERSION_REASON] = {"reason", N_("reason"), TABLE_TRUNCATE | TABLE_IF_ANY},
    [VERSION_BROUGHT] = {"imported_by", N_("brought by"), TABLE_TRUNCATE | TABLE_IF_ANY},
    {NULL, NULL, 0},
};

static void fill_version(struct context *context, struct table *table, const Tiejun__V1__Goal *goal)
{
    char text[WORD_SIZE];
    size_t row = table_add(table);
    table_set_count(table, row, VERSION_NUMBER, goal->version);
    table_set(table, row, VERSION_MADE, context_time_of(context, goal->made_at));
    table_set(table, row, VERSION_ACTOR, goal->actor);
    table_set(table, row, VERSION_BROUGHT, goal->imported_by);
    table_set_money(table, row, VERSION_TARGET, goal->target, goal->currency);
    if (goal->stretch_milli > 0)
        table_set_percent(table, row, VERSION_STRETCH, goal->stretch_milli);
    if (goal->method)
        table_set_raw(table, row, VERSION_METHOD, word(goal->method, text), goal->method);
    table_set_raw(table, row, VERSION_LOCKED, goal->locked ? _("locked") : "",
                  goal->locked ? "true" : "false");
    table_set(table, row, VERSION_REBALANCED, goal->rebalanced_from);
    if (goal->seasons)
        table_set_raw(table, row, VERSION_SEASON,
                      goal_seasons_text(goal->seasons, text, sizeof text), goal->seasons);
    table_set(table, row, VERSION_REASON, goal->reason);
}

int goal_history(struct context *context, const struct options *options)
{
    Tiejun__V1__GoalServiceHistoryRequest request = TIEJUN__V1__GOAL_SERVICE_HISTORY_REQUEST__INIT;
    request.metric = argument_text(options, 0);
    request.unit = option_text(options, "unit");
    request.person = option_text(options, "person");
    goal_range(context, options, &request.from_date, &request.to_date);
    request.currency = goal_currency(context, options, request.metric, request.unit);
    const Tiejun__V1__GoalServiceHistoryResponse *response =
        context_call(context, "tiejun.v1.GoalService.History", &request.base);
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    struct table *table = table_new(version_columns);
    for (size_t i = 0; i < response->n_versions; i++)
        fill_version(context, table, response->versions[i]);
    context_print_table(context, table);
    return COMMAND_DONE;
}

// ---- diff ----

const struct option_spec goal_diff_options[] = {
    UNIT_OPTION,
    RANGE_OPTIONS,
    CURRENCY_OPTION,
    OPTIONS_END,
};

static void read_version(const struct options *options, size_t index, protobuf_c_boolean *has,
                         int32_t *version)
{
    const char *text = argument_text(options, index);
    char *end = NULL;
    long number = text ? strtol(text, &end, 10) : 0;
    if (text && (*end || number < 1 || number > INT32_MAX))
        refuse_usage(_("\"%s\" is no version; see them with: tiejun goal history"), text);
    *has = text != NULL;
    *version = (int32_t)number;
}

int goal_diff(struct context *context, const struct options *options)
{
    Tiejun__V1__GoalServiceDiffRequest request = TIEJUN__V1__GOAL_SERVICE_DIFF_REQUEST__INIT;
    request.metric = argument_text(options, 0);
    request.unit = option_text(options, "unit");
    goal_range(context, options, &request.from_date, &request.to_date);
    request.currency = goal_currency(context, options, request.metric, request.unit);
    read_version(options, 1, &request.has_version_before, &request.version_before);
    read_version(options, 2, &request.has_version_after, &request.version_after);
    const Tiejun__V1__GoalServiceDiffResponse *response =
        context_call(context, "tiejun.v1.GoalService.Diff", &request.base);
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    say(context, _("Version %d (%s, %s) and version %d (%s, %s), with all below as it stood then:"),
        response->version_before, or_empty(response->actor_before),
        or_empty(context_time_of(context, response->made_before)), response->version_after,
        or_empty(response->actor_after), or_empty(context_time_of(context, response->made_after)));
    context_print_table(context, goal_table_of_differences(response));
    return COMMAND_DONE;
}
