// How long whoever guesses has to wait: arithmetic, no clock and no state of its own.
//
// A count of tries that were not good goes with an instant, that of the last one. The first third
// of what is allowed costs no waiting; then each try doubles the wait, up to the longest,
//     longest = window / (tries - free - 2 + 7/8),
// which makes any tries + 1 in a row take a window or longer: the waits never shrink while the
// count lasts, and the first `tries` of them, (free - 1) x 0 + longest / 8 + longest / 4 +
// longest / 2 + (tries - free - 2) x longest, add up to it. After a window without a try the count
// begins anew. So there are never more than `tries` in a window, and nobody ever waits longer than
// the longest wait, whatever others do.
#pragma once

#include <stdint.h>

enum {
    // Fewer would leave no room for the waits to grow.
    THROTTLE_TRIES_LEAST = 6,
    THROTTLE_TRIES_MOST = 1000000,
};

struct throttle_limit {
    // Within a window; from LEAST to MOST.
    int32_t tries;
    int64_t window_ms;
};

// The count that still holds after idle_ms without a try.
int32_t throttle_count(struct throttle_limit limit, int32_t tries, int64_t idle_ms);

// Milliseconds until the next try; 0: now.
int64_t throttle_wait_ms(struct throttle_limit limit, int32_t tries, int64_t idle_ms);
