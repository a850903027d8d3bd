// tiejun goal solve: from the gap to what is to be done every day (domain.md 2.7).
#pragma once

#include "common/options.h"

struct context;

extern const struct option_spec goal_solve_options[];

int goal_solve(struct context *context, const struct options *options);
