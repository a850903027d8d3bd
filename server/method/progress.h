// How far an objective has come (domain.md 2.10).
#pragma once

#include <stddef.h>
#include <stdint.h>

// (value - from) / (to - from) in thousandths, rounded down and from 0 to 1000: 1000 is only said
// of what is reached. from may lie above to: errors from 12 down to 2. 0 when they are equal.
int64_t progress_milli(int64_t from, int64_t to, int64_t value);

// The mean of such figures, rounded down; 0 for none.
int64_t progress_mean(const int64_t *figures, size_t count);
