#include "client/lib/backoff.h"

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

// Between half of it and the whole.
static int64_t jitter(int64_t whole, uint64_t random)
{
    return whole / 2 + (int64_t)(random % ((uint64_t)whole / 2 + 1));
}

int64_t backoff_delay(unsigned failures, uint32_t asked_ms, uint64_t random)
{
    int64_t whole = BACKOFF_FIRST_MS;
    for (unsigned i = 1; i < failures && whole < BACKOFF_MOST_MS; i++)
        whole *= 2;
    int64_t asked = least(asked_ms, BACKOFF_MOST_MS);
    int64_t delay = jitter(least(whole, BACKOFF_MOST_MS), random);
    // All who were asked to wait so long: spread them over as much again.
    return delay >= asked ? delay : least(asked + jitter(asked, random), BACKOFF_MOST_MS);
}
