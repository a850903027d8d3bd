// One client's conversation: hello, login, then requests and their answers. It knows nothing of
// sockets: frames come in by session_take(), and go out through the peer's functions.
#pragma once

#include "server/rpc/service.h"

#include <stddef.h>
#include <stdint.h>

struct session;

// The connection that a session speaks through. Its functions may be called at any time but from
// within session_free().
struct session_peer {
    void *context;
    // For the log; outlives the session.
    const char *address;
    // Queues bytes for the client.
    void (*send)(void *context, const uint8_t *data, size_t size);
    // Bytes queued that have not gone out.
    size_t (*unsent)(void *context);
    // After SESSION_PAUSE: frames may come again.
    void (*resume)(void *context);
    // Ends the connection once everything queued has been sent.
    void (*close)(void *context);
};

enum session_verdict {
    SESSION_GO_ON,
    // Keep further frames back until resume().
    SESSION_PAUSE,
    // The client broke the protocol: it has been told, and the peer was asked to close.
    SESSION_CLOSED,
};

// NULL when memory is out.
struct session *session_new(struct service *service, const struct session_peer *peer);

// Requests under way go on without it; their answers are dropped.
void session_free(struct session *session);

// The longest frame that the session takes now.
uint32_t session_frame_limit(const struct session *session);

// Takes one frame's body, which is copied.
enum session_verdict session_take(struct session *session, const uint8_t *body, size_t size);

// Refuses bytes that are no frame, and asks the peer to close: code of refusal.c.
void session_reject(struct session *session, const char *code);

// Whether the client is known by name.
bool session_is_open(const struct session *session);

// Requests that are not answered yet.
size_t session_in_flight(const struct session *session);

// Everything sent has been taken.
void session_drained(struct session *session);

// The number of the device that an open session acts by, as text; else empty.
const char *session_device(const struct session *session);

// The device may not act any more: the client hears of it, once what is under way has been
// answered, and the peer is asked to close.
void session_end(struct session *session);
