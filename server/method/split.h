// Splits a target over children by weights, to the last unit (domain.md 2.3).
//
// Largest remainder (Hamilton's method): every child gets the whole part of its quota
// rest x weight / sum of weights, and what is left over goes, one each, to the largest fractional
// parts; of equal ones the earlier child is served. All figures are in the metric's smallest
// unit: a count, or minor units of money.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct split_child {
    // Of a locked child, not looked at.
    int64_t weight;
    bool locked;
    // What a locked child keeps.
    int64_t locked_share;
    // Out: written only when the split succeeds.
    int64_t share;
};

enum split_result {
    SPLIT_OK,
    // The locked children hold more than the parent; amount: by how much.
    SPLIT_LOCKED_EXCEED,
    // Every child is locked and they hold less than the parent; amount: what nobody takes.
    SPLIT_LOCKED_SHORT,
    // There is something to give and no weight above 0 to give it by, or no child at all; amount:
    // what nobody takes.
    SPLIT_NO_WEIGHT,
    // The parent, a weight or a locked share is below 0; amount: that figure.
    SPLIT_NEGATIVE,
    SPLIT_NO_MEMORY,
};

// Splits parent over count children in their order, which decides ties. On success the shares sum
// to parent exactly; a refusal changes no child. amount may be NULL; it is 0 when the result names
// none, and INT64_MAX where the true amount is larger. Takes O(count log count) time, and 64 bytes
// a child while it runs.
enum split_result split_largest_remainder(int64_t parent, struct split_child *children,
                                          size_t count, int64_t *amount);

// target x (1 + stretch), halves up: a stretch_milli of 100 is 10 %. False, with stretched left
// alone, when either is below 0 or the result does not fit.
bool split_stretch(int64_t target, int32_t stretch_milli, int64_t *stretched);
