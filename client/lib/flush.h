// Sends an outbox over a session, waiting for each answer: what a command does, which has nothing
// else to do meanwhile. The agent drives the same sync core (sync.h) by events.
#pragma once

#include "client/lib/sync.h"

#include <stdbool.h>
#include <stddef.h>

struct outbox;
struct session;

struct flush_result {
    struct sync_counts counts;
    // Nothing waits any more.
    bool empty;
    // Why not, a sentence for the user; empty when none is known.
    char fault[1024];
};

// Gives a session to send over, or NULL with a sentence for the user in why.
typedef struct session *(*flush_connect)(void *context, char *why, size_t why_size);

// Makes at most one connection and gives up when that fails, when it breaks, or when the daemon
// asks to come again later.
void flush_outbox(struct outbox *outbox, flush_connect connect, void *context,
                  struct flush_result *result);
