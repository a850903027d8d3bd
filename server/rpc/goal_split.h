// Splits of a goal down the tree, and re-balances.
#pragma once

#include "server/rpc/request.h"

plan_function goal_plan_split;
plan_function goal_plan_rebalance;
