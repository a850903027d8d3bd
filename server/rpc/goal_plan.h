// What the plans of goals have in common: planned goals, and refusals in words.
#pragma once

#include "server/method/split.h"
#include "server/rpc/request.h"
#include "server/rpc/steps.pb-c.h"

// Sets the workshop's refusal; false, for the plan to return.
bool goal_refuse(struct workshop *workshop, const char *code, const char *field,
                 const char *arguments);

const char *goal_number(struct workshop *workshop, int64_t value);

// Why a split could not be made. name: whose parts they are.
bool goal_refuse_split(struct workshop *workshop, enum split_result result, int64_t amount,
                       const char *name, const char *currency);

// Makes room for so many goals; false, refused, when memory is short.
bool goal_plan_room(struct workshop *workshop, Tiejun__Server__GoalPlan *plan, size_t count);

// The next one, empty; the room is there.
Tiejun__Server__PlannedGoal *goal_plan_next(Tiejun__Server__GoalPlan *plan);

// Whether a season named "2026-11", "11" or "2026-11-11" holds on a date; in thousandths, 1000 when
// none does. The last one named counts.
int64_t goal_season(Tiejun__V1__StatedWeight *const *seasons, size_t count, const char *date);
