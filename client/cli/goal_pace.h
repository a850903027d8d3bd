// tiejun goal pace: where a period under way stands against its target (domain.md 2.8).
#pragma once

#include "common/options.h"

struct context;

extern const struct option_spec goal_pace_options[];

int goal_pace(struct context *context, const struct options *options);
