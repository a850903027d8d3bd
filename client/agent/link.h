// A person's connection with the daemon, by libevent: the sync core's transport (sync_ports.h) and
// what pushes come over. Names are looked up in a thread, the rest goes by events; only what is
// sent waits until it is on its way (wire.h).
#pragma once

#include "client/lib/session.h"
#include "client/lib/sync.h"
#include "tiejun/v1/notice.pb-c.h"

struct event_base;
struct link;

struct link_events {
    // Of the core's connections.
    void (*opened)(void *context, uint64_t connection, const struct clock_fix *fix);
    void (*answered)(void *context, uint64_t connection, uint64_t request_id,
                     const struct sync_answer *answer);
    void (*lost)(void *context, uint64_t connection, const char *why, uint32_t retry_after_ms);
    // There is a session, whoever wanted it; and there is none any more, or none came about.
    void (*ready)(void *context);
    void (*gone)(void *context, const char *why, uint32_t retry_after_ms);
    // What link_subscribe was answered with, NULL when it was refused; and what came of it since.
    void (*subscribed)(void *context, const Tiejun__V1__NoticeServiceSubscribeResponse *answer);
    void (*pushed)(void *context, const uint8_t *body, size_t size);
};

// server and events must stay for as long; the token is copied.
struct link *link_new(struct event_base *base, const char *server, const uint8_t token[32],
                      const struct link_events *events, void *context);
void link_free(struct link *link);

struct sync_transport link_transport(struct link *link);

// Begins to connect where there is no session; ready or gone will follow.
void link_connect(struct link *link);

// Subscribes over the session that is ready.
void link_subscribe(struct link *link, const Tiejun__V1__NoticeServiceSubscribeRequest *request);

// The session, for requests that wait for their answers; NULL while there is none, or one of the
// link's own is on its way.
struct session *link_session(struct link *link);
// Such a request is answered: pushes may have come in behind the answer, which no event tells of.
void link_look(struct link *link);
// Such a request found the session broken: gone will follow.
void link_break(struct link *link, const struct session_error *error);
