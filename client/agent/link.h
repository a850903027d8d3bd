// A person's connection with the daemon, by libevent: the sync core's transport (sync_ports.h) and
// what pushes come over. Names are looked up in a thread, the rest goes by events. A daemon that
// leaves a subscription or a question without an answer for LINK_PATIENCE_MS, and takes nothing in
// meanwhile, is gone.
#pragma once

#include "client/lib/session.h"
#include "client/lib/sync.h"
#include "tiejun/v1/notice.pb-c.h"

#define LINK_PATIENCE_MS 10000

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
    // What link_ask was answered with, as session_receive gives it.
    void (*told)(void *context, enum session_result result, const ProtobufCMessage *response,
                 struct session_error *error);
};

// server and events must stay for as long; the token is copied.
struct link *link_new(struct event_base *base, const char *server, const uint8_t token[32],
                      const struct link_events *events, void *context);
void link_free(struct link *link);

struct sync_transport link_transport(struct link *link);

// Begins to connect where there is no session; ready or gone will follow.
void link_connect(struct link *link);

bool link_is_open(const struct link *link);

// Subscribes over the session that is open, unless that is on its way.
void link_subscribe(struct link *link, const Tiejun__V1__NoticeServiceSubscribeRequest *request);

// Asks over the session that is open, one at a time: told or gone will follow. digest is as of
// session_renew, and must stay until then; or NULL.
void link_ask(struct link *link, const char *method, const ProtobufCMessage *request,
              struct session_digest *digest);
