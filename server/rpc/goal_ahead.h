// What a re-balance comes to along time (domain.md 2.9).
#pragma once

#include "server/rpc/request.h"
#include "server/rpc/steps.pb-c.h"

// Adds to a plan, which has the new goals of the whole period in the order of the ground's nodes,
// those of its parts ahead: what is left of a goal is split over the parts that its period has
// left, by what their days weigh (2.6), and in them down the tree, so that what was done and what
// the parts ahead have left is the goal, and every part what is below it. The plan has room for
// them. False, refused, where locked parts leave no way.
bool goal_ahead(struct workshop *workshop, const Tiejun__Server__SplitGround *ground,
                Tiejun__Server__GoalPlan *plan);
