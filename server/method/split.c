#include "server/method/split.h"

#include "server/method/ratio.h"
#include <stdlib.h>

struct sums {
    wide_int locked;
    wide_int weight;
    size_t unlocked;
};

struct candidate {
    wide_int remainder;
    size_t index;
};

static enum split_result sum_up(const struct split_child *children, size_t count, struct sums *sums,
                                wide_int *amount)
{
    for (size_t i = 0; i < count; i++) {
        int64_t figure = children[i].locked ? children[i].locked_share : children[i].weight;
        if (figure < 0) {
            *amount = figure;
            return SPLIT_NEGATIVE;
        }
        if (children[i].locked) {
            sums->locked += figure;
        } else {
            sums->weight += figure;
            sums->unlocked++;
        }
    }
    return SPLIT_OK;
}

static enum split_result check(int64_t parent, const struct split_child *children, size_t count,
                               struct sums *sums, wide_int *amount)
{
    if (parent < 0) {
        *amount = parent;
        return SPLIT_NEGATIVE;
    }
    enum split_result result = sum_up(children, count, sums, amount);
    if (result != SPLIT_OK)
        return result;
    if (sums->locked > parent) {
        *amount = sums->locked - parent;
        return SPLIT_LOCKED_EXCEED;
    }
    if (sums->locked == parent || sums->weight > 0)
        return SPLIT_OK;
    *amount = parent - sums->locked;
    return count > 0 && sums->unlocked == 0 ? SPLIT_LOCKED_SHORT : SPLIT_NO_WEIGHT;
}

// The largest remainder first; of equal ones, the earlier child.
static int compare_candidates(const void *left, const void *right)
{
    const struct candidate *a = left;
    const struct candidate *b = right;
    if (a->remainder != b->remainder)
        return a->remainder > b->remainder ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

// Gives each unlocked child the whole part of its quota, and returns what is left over: less than
// one for each candidate with a remainder.
static size_t give_whole_parts(wide_int rest, const struct sums *sums, struct split_child *children,
                               size_t count, struct candidate *candidates)
{
    // Without any weight there is no rest either.
    wide_int divisor = sums->weight > 0 ? sums->weight : 1;
    wide_int left = rest;
    for (size_t i = 0; i < count; i++) {
        struct split_child *child = &children[i];
        if (child->locked) {
            child->share = child->locked_share;
            continue;
        }
        wide_int product = rest * child->weight;
        child->share = (int64_t)(product / divisor);
        left -= child->share;
        *candidates++ = (struct candidate){.remainder = product % divisor, .index = i};
    }
    return (size_t)left;
}

enum split_result split_largest_remainder(int64_t parent, struct split_child *children,
                                          size_t count, int64_t *amount)
{
    struct sums sums = {0};
    wide_int figure = 0;
    enum split_result result = check(parent, children, count, &sums, &figure);
    if (amount)
        *amount = ratio_saturate(figure);
    if (result != SPLIT_OK)
        return result;

    struct candidate *candidates = calloc(sums.unlocked + 1, sizeof *candidates);
    if (!candidates)
        return SPLIT_NO_MEMORY;
    size_t left = give_whole_parts(parent - sums.locked, &sums, children, count, candidates);
    if (left > 0)
        qsort(candidates, sums.unlocked, sizeof *candidates, compare_candidates);
    for (size_t i = 0; i < left; i++)
        children[candidates[i].index].share++;
    free(candidates);
    return SPLIT_OK;
}

bool split_stretch(int64_t target, int32_t stretch_milli, int64_t *stretched)
{
    if (target < 0 || stretch_milli < 0)
        return false;
    return ratio_half_up((wide_int)target * (1000 + (wide_int)stretch_milli), 1000, stretched);
}
