// tiejun goal export: goals as CSV, in force or with all their versions.

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/goal.h"
#include "client/cli/goal_file.h"
#include "client/cli/typed.h"
#include "client/cli/when.h"
#include "common/instant.h"

#include <stdio.h>
#include <string.h>

#define GOALS_MAX 1000000

const struct table_column goal_file_columns[GOAL_FIELDS + 1] = {
    [GOAL_UNIT] = {"unit", "", 0},
    [GOAL_PERSON] = {"person", "", 0},
    [GOAL_METRIC] = {"metric", "", 0},
    [GOAL_FROM] = {"from_date", "", 0},
    [GOAL_TO] = {"to_date", "", 0},
    [GOAL_CURRENCY] = {"currency", "", 0},
    [GOAL_TARGET] = {"target", "", 0},
    [GOAL_STRETCH] = {"stretch_milli", "", 0},
    [GOAL_STRETCHED] = {"stretched_target", "", 0},
    [GOAL_LOCKED] = {"locked", "", 0},
    [GOAL_METHOD] = {"method", "", 0},
    [GOAL_REBALANCED] = {"rebalanced_from", "", 0},
    [GOAL_DONE] = {"done", "", 0},
    [GOAL_SEASONS] = {"seasons", "", 0},
    [GOAL_REASON] = {"reason", "", 0},
    [GOAL_VERSION] = {"version", "", 0},
    [GOAL_ACTOR] = {"actor", "", 0},
    [GOAL_MADE_AT] = {"made_at", "", 0},
    [GOAL_FIELDS] = {NULL, NULL, 0},
};

const struct option_spec goal_export_options[] = {
    UNIT_OPTION,
    {"metric", 'm', OPTION_STRING, N_("METRIC"), N_("One metric; all if not given")},
    RANGE_OPTIONS,
    {"history", 0, OPTION_FLAG, NULL, N_("Every version: who made it, when and why")},
    OPTIONS_END,
};

static void fill_version(struct table *table, size_t row, const Tiejun__V1__Goal *goal)
{
    char instant[INSTANT_TEXT_SIZE] = "";
    table_set_count(table, row, GOAL_VERSION, goal->version);
    table_set(table, row, GOAL_ACTOR, goal->actor);
    if (goal->made_at && instant_format(goal->made_at->seconds, goal->made_at->nanos, instant))
        table_set(table, row, GOAL_MADE_AT, instant);
}

static void fill_goal(struct table *table, size_t row, const Tiejun__V1__Goal *goal)
{
    char number[32];
    table_set(table, row, GOAL_UNIT, goal->unit);
    table_set(table, row, GOAL_PERSON, goal->person);
    table_set(table, row, GOAL_METRIC, goal->metric);
    table_set(table, row, GOAL_FROM, goal->from_date);
    table_set(table, row, GOAL_TO, goal->to_date);
    table_set(table, row, GOAL_CURRENCY, goal->currency);
    table_set_money(table, row, GOAL_TARGET, goal->target, goal->currency);
    snprintf(number, sizeof number, "%d", goal->stretch_milli);
    table_set(table, row, GOAL_STRETCH, goal->has_stretch_milli ? number : NULL);
    table_set_money(table, row, GOAL_STRETCHED, goal->stretched_target, goal->currency);
    table_set(table, row, GOAL_LOCKED, goal->locked ? "true" : "false");
    table_set(table, row, GOAL_METHOD, goal->method);
    table_set(table, row, GOAL_REBALANCED, goal->rebalanced_from);
    if (goal->has_done)
        table_set_money(table, row, GOAL_DONE, goal->done, goal->currency);
    table_set(table, row, GOAL_SEASONS, goal->seasons);
    table_set(table, row, GOAL_REASON, goal->reason);
}

// A file is what is asked for: CSV unless --json says otherwise.
int goal_export(struct context *context, const struct options *options)
{
    Tiejun__V1__GoalServiceListRequest request = TIEJUN__V1__GOAL_SERVICE_LIST_REQUEST__INIT;
    struct table_column columns[GOAL_FIELDS + 1];
    bool history = options_flag(options, "history");
    request.unit = unit_text(options);
    request.metric = option_text(options, "metric");
    request.has_history = request.history = history;
    context_range(context, options, &request.from_date, &request.to_date);
    const Tiejun__V1__GoalServiceListResponse *response =
        context_call_pages(context, "tiejun.v1.GoalService.List", &request.base, GOALS_MAX);
    if (context_print_json(context, &response->base))
        return COMMAND_DONE;
    memcpy(columns, goal_file_columns, sizeof columns);
    if (!history)
        columns[GOAL_VERSION] = columns[GOAL_FIELDS];
    struct table *table = table_new(columns);
    for (size_t i = 0; i < response->n_goals; i++) {
        size_t row = table_add(table);
        fill_goal(table, row, response->goals[i]);
        if (history)
            fill_version(table, row, response->goals[i]);
    }
    table_print_csv(table, stdout);
    table_free(table);
    return COMMAND_DONE;
}
