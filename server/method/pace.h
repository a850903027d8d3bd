// Where a period under way stands against its target (domain.md 2.8).
//
// Each figure is worked out from the inputs and rounded once: pace is not the quotient of the
// rounded expected. actual and target are in the metric's smallest unit, working time in
// thousandths of a working day (2.5).
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct pace_input {
    int64_t actual;
    // No goal and no standard: false. A target below 0 counts as none.
    bool has_target;
    int64_t target;
    int64_t working_millidays;
    // Taken as 0 when below 0, and as all of working_millidays when above it.
    int64_t elapsed_millidays;
    // Of a target whose days do not weigh as the calendar has it (2.6, 2.9): what was done before
    // the plan in force, and what the days of that plan weigh, all and past, in any unit. Without a
    // weight working time is the plan.
    int64_t planned_done;
    int64_t planned_weight;
    int64_t planned_weight_past;
};

// A has_ of false means that the formula divides by 0, that there is no target, or that the
// figure does not fit; the figure is 0 then.
struct pace_answer {
    // actual / target in thousandths, halves up. Undefined for a target of 0.
    bool has_attainment;
    int64_t attainment_milli;
    // planned_done + (target - planned_done) x W_elapsed / W_total of the plan, halves up.
    // Undefined without a working day.
    bool has_expected;
    int64_t expected;
    // actual / (the same, not rounded) in thousandths, halves up. Undefined while nothing
    // is expected yet.
    bool has_pace;
    int64_t pace_milli;
    // actual / W_elapsed x W_total, halves up; needs no target. Undefined before any working time
    // has passed.
    bool has_projection;
    int64_t projection;
    // (target - actual) / W_left for a whole working day, rounded up: doing this much every day
    // left reaches the target. 0 when it is reached already; undefined with no working time left.
    // With half a day left it is twice the gap.
    bool has_required_per_day;
    int64_t required_per_day;
};

struct pace_answer pace_measure(const struct pace_input *input);
