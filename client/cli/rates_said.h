// What is said below figures that other currencies are part of: by which rates, or that there are
// none.
#pragma once

#include "client/cli/context.h"

#include <stddef.h>

// Three lists in step, ordered by currency and date, as answers have them. Of many rates of one
// currency the first and the last are named.
struct rates_used {
    size_t count;
    char **currencies;
    char **rates;
    char **dates;
};

// An empty one with room for so many; and one more in it, unless it is there, or is no rate.
struct rates_used rates_room(struct context *context, size_t most);
void rates_add(struct rates_used *used, char *currency, char *rate, char *date);

void say_rates(struct context *context, const struct rates_used *used, const char *into);

// Names currencies that no rate converts, and the mend.
void say_unrated(struct context *context, char *const *currencies, size_t count, const char *into);
