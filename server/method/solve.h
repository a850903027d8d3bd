// From a revenue gap to what is to be done every day (domain.md 2.7).
//
// Numbers of the chain are kept in millionths and rounded up, each once: doing what was solved, at
// the same rates, brings at least the gap, and more gap never asks for less. Only what is to be
// done in a day is a whole number, rounded up again.
#pragma once

#include "server/method/shrink.h"

#include <stdbool.h>
#include <stdint.h>

enum solve_stage { SOLVE_VISIT, SOLVE_C, SOLVE_B, SOLVE_A, SOLVE_SIGNING, SOLVE_STAGES };

#define SOLVE_MILLION INT64_C(1000000)

struct solve_input {
    // Minor units of one currency.
    int64_t target;
    int64_t booked;
    int64_t expected_open;
    // Average value of an order in minor units; 0 or less: not known.
    int64_t order_value;
    // From each stage to the next, in billionths (RATE_ONE); 0 or less: not known, or nobody has
    // ever gone on from there. The signing has none.
    int64_t rate[SOLVE_STAGES - 1];
    // W_left(k): working time in which work at a stage can still be signed in the period, in
    // thousandths of a day.
    int64_t left_millidays[SOLVE_STAGES];
    // People who share the work; less than 1 counts as 1.
    int64_t reps;
    // Visits a working day for each rep: what is asked anyhow (2.1), and what one has shown to be
    // able to do.
    bool has_standard;
    int64_t standard;
    bool has_capacity;
    int64_t capacity;
};

enum solve_verdict {
    // What is booked and what is expected of open deals covers the target.
    SOLVE_COVERED,
    SOLVE_FEASIBLE,
    // More than the capacity, or no working time is left in which a visit can still be signed.
    SOLVE_INFEASIBLE,
    // There are no days to judge the capacity by.
    SOLVE_UNJUDGED,
    // A number of the chain is missing: the stages up to it are answered, those before it are not.
    SOLVE_UNKNOWN,
};

struct solve_answer {
    // G, at least 0.
    int64_t gap;
    // n_k in millionths. Not known from the first missing number on, counted from the signing.
    bool known[SOLVE_STAGES];
    int64_t needed_micro[SOLVE_STAGES];
    // ceil(n_k / W_left(k)) of the whole scope; not known without time left.
    bool has_per_day[SOLVE_STAGES];
    int64_t per_day[SOLVE_STAGES];
    // Visits a working day for each rep: solved, and the day's goal, max(standard, solved).
    bool has_rep_day;
    int64_t rep_day;
    bool has_day_goal;
    int64_t day_goal;
    enum solve_verdict verdict;
    // The target that visits at capacity can still reach, rounded down; what is booked and expected
    // where the chain is not known. Never above the target when that can be reached.
    int64_t reachable;
};

struct solve_answer solve(const struct solve_input *input);

// The chain the other way round: what so many millionths of a stage are worth at these rates, in
// minor units, rounded down at every step and saturated.
int64_t solve_worth(const struct solve_input *input, enum solve_stage stage, int64_t micro);
