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
    // In step, each list with a count of its own.
    size_t *n_rates;
    size_t *n_currencies;
    size_t *n_dates;
    char ***currencies;
    char ***rates;
    char ***dates;
};

// Those of a message that has them, by the contract's names for them.
#define RATES_OF(message)                                                                          \
    {                                                                                              \
        .n_unrated = &(message)->n_unrated_currencies, .unrated = &(message)->unrated_currencies,  \
        .n_rates = &(message)->n_rates, .n_currencies = &(message)->n_rate_currencies,             \
        .n_dates = &(message)->n_rate_dates, .currencies = &(message)->rate_currencies,            \
        .rates = &(message)->rates, .dates = &(message)->rate_dates,                               \
    }

// Moves there those of the open deals of a whole scope, slot 0, each once. False when there is no
// room.
bool rates_take(struct arena *arena, const struct rates *rates, Tiejun__V1__OpenDeals *const *open,
                size_t count);
