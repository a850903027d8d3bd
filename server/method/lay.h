// Lays goals of a tree on the parts of their period, such as the months of a year (domain.md 2.3):
// exact along time, and in every part down the tree.
//
// The goal at the top is split over the parts by their weights. Goals below it are given their
// parts one after the other from what is left of the parent's: each in proportion to that, by
// largest remainder, which never takes more than there is; so the last one gets what makes every
// part add up. (A whole number of units with given sums of rows and columns always exists.) Where
// the goals below do not add up to the parent's in the first place, their parts cannot either, and
// each is split in proportion to the parent's.
#pragma once

#include "server/method/split.h"

#define LAY_TOP ((size_t)-1)

struct lay_row {
    // Index of the row above; always a lower one. LAY_TOP: split by its cells' weights.
    size_t parent;
    int64_t target;
    // What the parts of those below it add up to: at least target.
    int64_t stretched;
};

// cells and stretched have count x columns places, a row after the other: of cells the weights (of
// top rows), the locks and what is locked are read, and the shares written; stretched gets the
// parts of each row's stretched target, and has those of locked cells, which they keep. Where these
// leave less than the other parts ask for without a stretch, the row's do not add up to its own.
// Rows with one parent stand together, in stable order. Results as of split_largest_remainder, with
// the index of the row in at: SPLIT_LOCKED_EXCEED and SPLIT_LOCKED_SHORT also where locked parts
// leave no exact way.
enum split_result lay_rows(const struct lay_row *rows, size_t count, size_t columns,
                           struct split_child *cells, int64_t *stretched, size_t *at,
                           int64_t *amount) __attribute__((nonnull));
