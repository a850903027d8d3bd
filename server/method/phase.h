// Lays a period's target on its days (domain.md 2.6).
#pragma once

#include "server/method/split.h"

// A season of 1: the day weighs what its working time weighs.
#define PHASE_SEASON_NONE 1000

struct phase_day {
    // f(d) of 2.5 in thousandths: 0 on a day off, 1000 on a working day, 500 on half of one.
    int32_t factor_milli;
    // season(d) in thousandths; PHASE_SEASON_NONE unless one is given.
    int32_t season_milli;
    // Out: written only when the result is SPLIT_OK.
    int64_t share;
};

// Splits target over the days by factor x season, as split_largest_remainder does, whose results
// and amount it returns: SPLIT_NO_WEIGHT is a period without a working day, SPLIT_NEGATIVE a
// target, factor or season below 0. amount may be NULL.
enum split_result phase_target(int64_t target, struct phase_day *days, size_t count,
                               int64_t *amount);
