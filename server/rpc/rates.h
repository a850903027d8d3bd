// Rates that figures of an answer were converted by, in step, and the currencies that have none:
// those of its parts become its own.
#pragma once

#include "common/arena.h"
#include "tiejun/v1/solve.pb-c.h"

#include <stdbool.h>
#include <stddef.h>

// Lists of an answer, which grow. Strings are shared with whoever they come from.
struct rates {
    size_t *n_unrated;
    char ***unrated;
    // In step.
    size_t *n_rates;
    char ***currencies;
    char ***rates;
    char ***dates;
};

// Those of open deals, each once; false when there is no room.
bool rates_take(struct arena *arena, const struct rates *rates, const Tiejun__V1__OpenDeals *open);
