// What the plans of goals have in common: planned goals, and refusals in words.
#pragma once

#include "common/date.h"
#include "server/method/split.h"
#include "server/rpc/request.h"
#include "server/rpc/steps.pb-c.h"

const char *goal_number(struct workshop *workshop, int64_t value);

// Why a split could not be made. name: whose parts they are.
bool goal_refuse_split(struct workshop *workshop, enum split_result result, int64_t amount,
                       const char *name, const char *currency);

// Things stand in the order of their places, some left out: the index of the first one that is not
// before place, count where all are.
size_t goal_index_of(const void *things, size_t count, int32_t place,
                     int32_t (*place_at)(const void *things, size_t index));

// The child of a split at a place.
size_t goal_child_at(const Tiejun__Server__SplitGround *ground, int32_t place);

// Makes room for so many goals; false, refused, when memory is short.
bool goal_plan_room(struct workshop *workshop, Tiejun__Server__GoalPlan *plan, size_t count);

// What is split, without its stretch and with it.
void goal_plan_start(Tiejun__Server__GoalPlan *plan, int64_t target, int64_t stretched,
                     int32_t stretch_milli, char *currency, bool dry_run);

// The next one, of which the target, with and without a stretch, the version before and the level
// are to be set; the room is there.
Tiejun__Server__PlannedGoal *goal_plan_next(Tiejun__Server__GoalPlan *plan);

// The seasons of a request as goal_version keeps them: "11=1500 2026-12=2000", thousandths by what
// a date begins with or by its month; "" for none. NULL, refused, when one is no season.
const char *goal_seasons(struct workshop *workshop, Tiejun__V1__StatedWeight *const *list,
                         size_t count);

// That of a date in thousandths, PHASE_SEASON_NONE when none holds. The last one that does counts.
int32_t goal_season(const char *seasons, const char date[static DATE_TEXT_SIZE]);
