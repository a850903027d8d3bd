// The sync core's transport over a session (client/lib/session.h), by libevent.
//
// Connecting waits for the daemon, for a few seconds at most; from then on nothing waits.
#pragma once

#include "client/lib/sync.h"

struct event_base;
struct link;
struct session;
struct session_error;

struct link_events {
    void (*opened)(void *context, uint64_t connection, const struct clock_fix *fix);
    void (*answered)(void *context, uint64_t connection, uint64_t request_id,
                     const struct sync_answer *answer);
    void (*lost)(void *context, uint64_t connection, const char *why, uint32_t retry_after_ms);
};

// server and events must stay for as long; the token is copied.
struct link *link_new(struct event_base *base, const char *server, const uint8_t token[32],
                      const struct link_events *events, void *context);
void link_free(struct link *link);

struct sync_transport link_transport(struct link *link);

// The session, for other requests while none of the core's is on its way; opens one where there is
// none, which the core knows nothing of. NULL with error.
struct session *link_session(struct link *link, struct session_error *error);
