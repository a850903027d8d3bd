#include "server/rpc/goal_plan.h"

#include "common/money.h"
#include "server/method/phase.h"
#include "server/rpc/refusal.h"

#include <inttypes.h>
#include <string.h>

bool goal_refuse(struct workshop *workshop, const char *code, const char *field,
                 const char *arguments)
{
    workshop->code = code;
    workshop->field = field;
    workshop->arguments = arguments;
    return false;
}

const char *goal_number(struct workshop *workshop, int64_t value)
{
    return arena_printf(workshop->arena, "%" PRId64, value);
}

// An amount as a person writes it: a count, or money in the currency's own units.
static const char *figure(struct workshop *workshop, int64_t amount, const char *currency)
{
    char text[MONEY_TEXT_SIZE];
    if (!currency) {
        return goal_number(workshop, amount);
    }
    money_format(amount, currency, text, sizeof text);
    return arena_printf(workshop->arena, "%s %s", text, currency);
}

bool goal_refuse_split(struct workshop *workshop, enum split_result result, int64_t amount,
                       const char *name, const char *currency)
{
    const char *parts = arena_printf(workshop->arena, "%s%c%s", name ? name : "", REFUSAL_SEPARATOR,
                                     figure(workshop, amount, currency));
    switch (result) {
    case SPLIT_LOCKED_EXCEED:
        return goal_refuse(workshop, "locked_exceed", "unit", parts);
    case SPLIT_LOCKED_SHORT:
        return goal_refuse(workshop, "locked_short", "unit", parts);
    case SPLIT_NO_WEIGHT:
        return goal_refuse(workshop, "no_weight", "method", name);
    case SPLIT_NEGATIVE:
        return goal_refuse(workshop, "negative_figure", "weights", goal_number(workshop, amount));
    default:
        return goal_refuse(workshop, "busy", NULL, NULL);
    }
}

bool goal_plan_room(struct workshop *workshop, Tiejun__Server__GoalPlan *plan, size_t count)
{
    Tiejun__Server__PlannedGoal *goals = arena_alloc(workshop->arena, (count + 1) * sizeof *goals);
    plan->goals = arena_alloc(workshop->arena, (count + 1) * sizeof *plan->goals);
    if (!goals || !plan->goals) {
        return goal_refuse(workshop, "busy", NULL, NULL);
    }
    for (size_t i = 0; i < count; i++) {
        tiejun__server__planned_goal__init(&goals[i]);
        plan->goals[i] = &goals[i];
    }
    plan->n_goals = 0;
    return true;
}

Tiejun__Server__PlannedGoal *goal_plan_next(Tiejun__Server__GoalPlan *plan)
{
    return plan->goals[plan->n_goals++];
}

// "2026-11" and "2026-11-11" begin the date, "11" is its month.
static bool season_holds(const char *name, const char *date)
{
    size_t length = strlen(name);
    if (length == 2 && strlen(date) >= 7) {
        return strncmp(date + 5, name, 2) == 0;
    }
    return length >= 4 && strncmp(date, name, length) == 0;
}

int64_t goal_season(Tiejun__V1__StatedWeight *const *seasons, size_t count, const char *date)
{
    int64_t season = PHASE_SEASON_NONE;
    for (size_t i = 0; i < count; i++) {
        if (seasons[i]->child && season_holds(seasons[i]->child, date)) {
            season = seasons[i]->weight;
        }
    }
    return season;
}
