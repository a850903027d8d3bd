// The bytes of a session: a TCP connection under TLS 1.3 that never blocks by itself.
#pragma once

#include "client/lib/trust.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct transport;

// Why there is no connection.
struct transport_fault {
    // A phrase in the user's language: "connection refused".
    char reason[256];
    // Filled in instead when there is a server, which is not trusted.
    struct trust_refusal untrusted;
};

// Begins to look the server up, to connect to one address after another, each for at most
// timeout_ms, and to shake hands, which takes no longer either. server must stay for as long; trust
// is copied, and what it points to must stay. SIGPIPE must be ignored. NULL with fault filled in
// when there is nothing to begin with.
struct transport *transport_start(const struct server_name *server, const struct trust *trust,
                                  int timeout_ms, struct transport_fault *fault);

enum transport_progress {
    TRANSPORT_OPEN,
    // transport_wait, or an event loop that watches transport_descriptor for transport_wants, says
    // when to call again; in transport_patience milliseconds at the latest.
    TRANSPORT_OPENING,
    // With fault filled in; only transport_close is legal.
    TRANSPORT_FAILED,
};

// Does what can be done without waiting. Only a person who is asked (trust.h) is waited for.
enum transport_progress transport_progress(struct transport *transport,
                                           struct transport_fault *fault);
void transport_close(struct transport *transport);

// As read and write without blocking: -1 with errno EAGAIN when there is nothing to read or no
// room; read gives 0 when the other end has closed. After another errno the connection is of no
// more use.
ssize_t transport_read(struct transport *transport, void *data, size_t size);
ssize_t transport_write(struct transport *transport, const void *data, size_t size);

// What went wrong when one of the two failed: a phrase in the user's language.
const char *transport_reason(const struct transport *transport);

enum transport_event {
    TRANSPORT_READABLE = 1,
    TRANSPORT_WRITABLE = 2,
};

// For an event loop; only to be watched. While it is opening, another one after each step.
int transport_descriptor(const struct transport *transport);
// Of enum transport_event, while it is opening.
int transport_wants(const struct transport *transport);
// Milliseconds until a step that is opening it has taken too long.
int transport_patience(const struct transport *transport);

// Waits until one of the events can be acted on; returns the ones that can, 0 after timeout_ms,
// -1 with errno. While it is opening, only transport_wants count.
int transport_wait(struct transport *transport, int events, int timeout_ms);
