#include "server/method/phase.h"

#include <stdlib.h>

// Two negatives would multiply to a weight that looks right.
static int64_t day_weight(const struct phase_day *day)
{
    if (day->factor_milli < 0)
        return day->factor_milli;
    if (day->season_milli < 0)
        return day->season_milli;
    return (int64_t)day->factor_milli * day->season_milli;
}

enum split_result phase_target(int64_t target, struct phase_day *days, size_t count,
                               int64_t *amount)
{
    if (amount)
        *amount = 0;
    struct split_child *children = calloc(count + 1, sizeof *children);
    if (!children)
        return SPLIT_NO_MEMORY;
    for (size_t i = 0; i < count; i++)
        children[i].weight = day_weight(&days[i]);
    enum split_result result = split_largest_remainder(target, children, count, amount);
    if (result == SPLIT_OK) {
        for (size_t i = 0; i < count; i++)
            days[i].share = children[i].share;
    }
    free(children);
    return result;
}
