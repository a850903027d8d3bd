#include "server/rpc/goal_plan.h"

#include "common/money.h"
#include "server/method/phase.h"
#include "server/rpc/refusal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

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
        return workshop_refuse(workshop, "locked_exceed", "unit", parts);
    case SPLIT_LOCKED_SHORT:
        return workshop_refuse(workshop, "locked_short", "unit", parts);
    case SPLIT_NO_WEIGHT:
        return workshop_refuse(workshop, "no_weight", "method", name);
    case SPLIT_NEGATIVE:
        return workshop_refuse(workshop, "negative_figure", "weights",
                               goal_number(workshop, amount));
    default:
        return workshop_refuse(workshop, "busy", NULL, NULL);
    }
}

size_t goal_index_of(const void *things, size_t count, int32_t place,
                     int32_t (*place_at)(const void *things, size_t index))
{
    size_t low = 0;
    for (size_t high = count; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (place_at(things, middle) < place) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static int32_t place_of_child(const void *ground, size_t index)
{
    return ((const Tiejun__Server__SplitGround *)ground)->children[index]->place;
}

size_t goal_child_at(const Tiejun__Server__SplitGround *ground, int32_t place)
{
    return goal_index_of(ground, ground->n_children, place, place_of_child);
}

void goal_plan_start(Tiejun__Server__GoalPlan *plan, int64_t target, int64_t stretched,
                     int32_t stretch_milli, char *currency, bool dry_run)
{
    plan->has_parent_target = plan->has_stretched_target = true;
    plan->parent_target = target;
    plan->stretched_target = stretched;
    plan->has_stretch_milli = true;
    plan->stretch_milli = stretch_milli;
    plan->currency = currency;
    plan->has_dry_run = true;
    plan->dry_run = dry_run;
}

bool goal_plan_room(struct workshop *workshop, Tiejun__Server__GoalPlan *plan, size_t count)
{
    Tiejun__Server__PlannedGoal *goals = arena_alloc(workshop->arena, (count + 1) * sizeof *goals);
    plan->goals = arena_alloc(workshop->arena, (count + 1) * sizeof *plan->goals);
    if (!goals || !plan->goals) {
        return workshop_refuse(workshop, "busy", NULL, NULL);
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
    Tiejun__Server__PlannedGoal *goal = plan->goals[plan->n_goals++];
    goal->has_target = goal->has_stretched_target = true;
    goal->has_version_before = goal->has_level = true;
    return goal;
}

// A month of every year, or what a date begins with: "11", "2026", "2026-11", "2026-11-11".
static bool is_season(const char *name)
{
    static const char shape[] = "0000-00-00";
    size_t length = strlen(name);
    if (length != 2 && length != 4 && length != 7 && length != 10) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (shape[i] == '0' ? name[i] < '0' || name[i] > '9' : name[i] != shape[i]) {
            return false;
        }
    }
    return true;
}

const char *goal_seasons(struct workshop *workshop, Tiejun__V1__StatedWeight *const *list,
                         size_t count)
{
    const char *seasons = "";
    for (size_t i = 0; seasons && i < count; i++) {
        const char *name = list[i]->child ? list[i]->child : "";
        if (!is_season(name)) {
            (void)workshop_refuse(workshop, "bad_season", "seasons", name);
            return NULL;
        }
        if (list[i]->weight < 0 || list[i]->weight > INT32_MAX) {
            (void)workshop_refuse(workshop, "negative_figure", "seasons",
                                  goal_number(workshop, list[i]->weight));
            return NULL;
        }
        seasons = arena_printf(workshop->arena, "%s%s%s=%" PRId64, seasons, i > 0 ? " " : "", name,
                               list[i]->weight);
    }
    return seasons;
}

static bool season_holds(const char *name, size_t length, const char *date)
{
    return length == 2 ? strncmp(date + 5, name, 2) == 0 : strncmp(date, name, length) == 0;
}

int32_t goal_season(const char *seasons, const char date[static DATE_TEXT_SIZE])
{
    int32_t season = PHASE_SEASON_NONE;
    for (const char *at = seasons; *at;) {
        size_t length = strcspn(at, "= ");
        if (at[length] == '=' && season_holds(at, length, date)) {
            season = (int32_t)strtol(at + length + 1, NULL, 10);
        }
        at += strcspn(at, " ");
        at += strspn(at, " ");
    }
    return season;
}
