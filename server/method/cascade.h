// Splits a goal over a whole tree, level by level (domain.md 2.3), and what is left of one when its
// period is under way (2.9).
#pragma once

#include "server/method/split.h"

// The goal itself is above a node with this parent.
#define CASCADE_TOP ((size_t)-1)

struct cascade_node {
    // Index of the node right above; always a lower one.
    size_t parent;
    int64_t weight;
    // Keeps locked_share; what is below it is split from that.
    bool locked;
    int64_t locked_share;
    // Done already, and not to be given out again: the share is this and its part of the rest.
    int64_t done;
    // In thousandths, on top of the share before it is split in turn.
    int32_t stretch_milli;
    // What a locked node's parts add up to.
    int64_t locked_stretched;
    // Out.
    int64_t share;
    int64_t stretched;
};

// Splits target over the nodes right below the goal, then each node's stretched share over those
// below it, as split_largest_remainder does, whose results it returns. Nodes with one parent stand
// together, in the order that decides ties. When it refuses, at is the index of the parent whose
// split it was, or CASCADE_TOP, and amount as there; what was done already above the parent's
// figure is SPLIT_LOCKED_EXCEED. A stretch that does not fit is SPLIT_NEGATIVE with its
// thousandths.
enum split_result cascade_split(int64_t target, struct cascade_node *nodes, size_t count,
                                size_t *at, int64_t *amount);
