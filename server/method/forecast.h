// What open deals are likely to bring (domain.md 4.7, the input; 2.7 takes it off the gap).
#pragma once

#include "server/method/shrink.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum grade { GRADE_C, GRADE_B, GRADE_A, GRADES };

// How deals that are decided ended, by the best grade that they ever had. Signed ones had them all.
struct grade_ends {
    int64_t won;
    int64_t lost[GRADES];
};

// Of the deals that ever had the grade and are decided, those that were signed: x of n.
struct sample forecast_sample(const struct grade_ends *ends, enum grade grade);

// p(grade): that sample, shrunk up the chain. As shrink_rate. At most chain_max scopes are read.
enum { FORECAST_CHAIN_MAX = 32 };
struct shrunk forecast_rate(const struct grade_ends *chain, size_t count, enum grade grade,
                            int64_t weight);

// p x value in minor units, halves up; 0 for an unknown rate, saturated where it does not fit.
int64_t forecast_value(const struct shrunk *rate, int64_t value_minor);
