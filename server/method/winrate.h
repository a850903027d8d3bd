// How many deals are won (domain.md 3.5). Two rates, that must never be shown as one another.
#pragma once

#include <stdbool.h>
#include <stdint.h>

// Thousandths, halves up. A has_ of false: there is no such deal, or a count was below 0; the rate
// is 0 then.
struct winrate {
    // won / (won + lost): what "win rate" means where nothing else is said.
    bool has_closed;
    int64_t closed_milli;
    // won / (won + lost + open).
    bool has_all;
    int64_t all_milli;
};

struct winrate winrate_of(int64_t won, int64_t lost, int64_t open);
