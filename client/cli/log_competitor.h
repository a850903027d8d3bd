// What tiejun log and tiejun competitor have in common: the fact of a sighting.
#pragma once

#include "common/options.h"

struct context;

extern const struct option_spec log_competitor_options[];

int log_competitor(struct context *context, const struct options *options);
