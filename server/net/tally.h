// Clients that were turned away, by the reason: each is counted, and a flood of them does not flood
// the log.
#pragma once

#include <event2/event.h>

enum tally_reason {
    // Before anything was said: no descriptors are left, or too many have not said who they are.
    TALLY_FULL,
    TALLY_CROWD,
    TALLY_CROWD_OF_ADDRESS,
    TALLY_HANDSHAKE,
    TALLY_LOGIN,
    TALLY_SLOW,
    TALLY_READS_NOTHING,
    TALLY_BROKEN,
    TALLY_REASONS,
};

struct tally;

// NULL when memory is out.
struct tally *tally_new(struct event_base *base);
void tally_free(struct tally *tally);

// Counts, and logs it with the peer's address and what more is to be said, or NULL. Of one reason
// a few are logged every ten seconds; how many more there were is said at the end of them.
void tally_count(struct tally *tally, enum tally_reason reason, const char *peer, const char *more);
