// tiejun fact pending, approve, decline: facts that wait for an approval (domain.md 3.4).
#pragma once

#include "common/options.h"

// Facts that are approved at a time, at most.
#define FACT_APPROVE_MOST 500

struct context;

extern const struct option_spec fact_pending_options[];
extern const struct option_spec fact_approve_options[];
extern const struct option_spec fact_decline_options[];

int fact_pending(struct context *context, const struct options *options);
int fact_approve(struct context *context, const struct options *options);
int fact_decline(struct context *context, const struct options *options);
