// The figures of a row of an answer (domain.md 2.8), which a step of the database leaves to the
// daemon. PaceRow and RollupRow have them under the same names; generated types have nothing else
// in common, hence a macro.
#pragma once

#include "server/method/pace.h"

// Measures row, a pointer to either, by what was done. What only the arithmetic needed does not go
// into the answer.
#define MEASURE_ROW(row, done)                                                                     \
    do {                                                                                           \
        const struct pace_input input = {                                                          \
            .actual = (done),                                                                      \
            .has_target = (row)->has_target,                                                       \
            .target = (row)->target,                                                               \
            .working_millidays = (row)->working_millidays,                                         \
            .elapsed_millidays = (row)->elapsed_millidays,                                         \
            .planned_done = (row)->planned_done,                                                   \
            .planned_weight = (row)->planned_weight,                                               \
            .planned_weight_past = (row)->planned_weight_past,                                     \
        };                                                                                         \
        const struct pace_answer measured = pace_measure(&input);                                  \
        (row)->has_attainment_milli = measured.has_attainment;                                     \
        (row)->attainment_milli = measured.attainment_milli;                                       \
        (row)->has_expected = measured.has_expected;                                               \
        (row)->expected = measured.expected;                                                       \
        (row)->has_pace_milli = measured.has_pace;                                                 \
        (row)->pace_milli = measured.pace_milli;                                                   \
        (row)->has_projection = measured.has_projection;                                           \
        (row)->projection = measured.projection;                                                   \
        (row)->has_required_per_day = measured.has_required_per_day;                               \
        (row)->required_per_day = measured.required_per_day;                                       \
        (row)->has_planned_done = (row)->has_planned_weight = (row)->has_planned_weight_past =     \
            false;                                                                                 \
    } while (0)
