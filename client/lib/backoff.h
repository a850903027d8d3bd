// How long to wait before the next attempt: doubling, with jitter, so that many clients whose
// daemon went away do not come back as one.
#pragma once

#include <stdint.h>

#define BACKOFF_FIRST_MS 500
#define BACKOFF_MOST_MS 60000

// Milliseconds to wait after so many failures in a row, 1 or more. random: any 64 bits; the answer
// lies between half of the doubled delay and the whole of it, at most BACKOFF_MOST_MS. asked_ms:
// what the daemon asked for, which is the least; 0 when it did not.
int64_t backoff_delay(unsigned failures, uint32_t asked_ms, uint64_t random);
