// Figures from few cases, drawn toward those of the units above (domain.md 2.7):
// p = (x + a p_parent) / (n + a). The company's own is x / n, since nothing is above it.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A rate is a number of billionths: a conversion of 12.5 % is 125,000,000.
#define RATE_ONE INT64_C(1000000000)

// What was seen in one scope.
struct sample {
    // Of a rate: how many went on. Of a mean: the sum of all values.
    int64_t sum;
    // How many there were; 0 or less: none.
    int64_t count;
};

struct shrunk {
    // False when neither the scope nor any above it has seen a case, or the figure does not fit.
    bool known;
    int64_t value;
    // The nearest scope above that has seen cases, as an index of the chain; 0 for none. The part
    // of the figure that is not the scope's own comes from there and from what is above it.
    size_t borrowed_from;
};

// chain[0] is the scope itself, chain[count - 1] the company. weight is a; below 0 counts as 0.
// Every level is rounded once, to the nearest billionth, halves up. More hits than cases make a
// rate above RATE_ONE: the caller bounds them where that means nothing.
struct shrunk shrink_rate(const struct sample *chain, size_t count, int64_t weight);

// The same for a mean in whole units, such as the value of an order in minor units.
struct shrunk shrink_mean(const struct sample *chain, size_t count, int64_t weight);
