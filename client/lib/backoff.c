#include "client/lib/backoff.h"

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t backoff_delay(unsigned failures, uint32_t asked_ms, uint64_t random)
{
    int64_t whole = BACKOFF_FIRST_MS;
    for (unsigned i = 1; i < failures && whole < BACKOFF_MOST_MS; i++)
        whole *= 2;
    int64_t asked = least(asked_ms, BACKOFF_MOST_MS);
    whole = least(whole, BACKOFF_MOST_MS);
    if (whole < asked)
        // All who were asked to wait so long: spread them over half as much again.
        return least(asked + (int64_t)(random % ((uint64_t)asked / 2 + 1)), BACKOFF_MOST_MS);
    return whole / 2 + (int64_t)(random % ((uint64_t)whole / 2 + 1));
}
