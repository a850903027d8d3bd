// Splits of goals along time.
#pragma once

#include "server/rpc/request.h"

plan_function goal_plan_along;
