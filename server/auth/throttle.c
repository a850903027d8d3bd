#include "server/auth/throttle.h"

enum { DOUBLINGS = 3 };

static int32_t free_tries(struct throttle_limit limit)
{
    return limit.tries / 3;
}

// Rounded up, so that the sum is never short of the window.
static int64_t longest_wait(struct throttle_limit limit)
{
    int64_t eighths = 8 * ((int64_t)limit.tries - free_tries(limit) - 2) + 7;
    return (8 * limit.window_ms + eighths - 1) / eighths;
}

int32_t throttle_count(struct throttle_limit limit, int32_t tries, int64_t idle_ms)
{
    return idle_ms >= limit.window_ms ? 0 : tries;
}

int64_t throttle_wait_ms(struct throttle_limit limit, int32_t tries, int64_t idle_ms)
{
    int32_t held = throttle_count(limit, tries, idle_ms) - free_tries(limit);
    if (held < 0) {
        return 0;
    }
    int shift = held < DOUBLINGS ? DOUBLINGS - held : 0;
    int64_t wait = longest_wait(limit);
    wait = (wait + (INT64_C(1) << shift) - 1) >> shift;
    return wait > idle_ms ? wait - idle_ms : 0;
}
