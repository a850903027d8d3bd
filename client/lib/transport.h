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

// Tries every address of the server, each for at most timeout_ms; the handshake takes no longer
// either. SIGPIPE must be ignored. NULL with fault filled in.
struct transport *transport_open(const struct server_name *server, const struct trust *trust,
                                 int timeout_ms, struct transport_fault *fault);
void transport_close(struct transport *transport);

// As read and write without blocking: -1 with errno EAGAIN when there is nothing to read or no
// room; read gives 0 when the other end has closed. After another errno the connection is of no
// more use.
ssize_t transport_read(struct transport *transport, void *data, size_t size);
ssize_t transport_write(struct transport *transport, const void *data, size_t size);

// What went wrong when one of the two failed: a phrase in the user's language.
const char *transport_reason(const struct transport *transport);

// For an event loop; only to be watched.
int transport_descriptor(const struct transport *transport);

enum transport_event {
    TRANSPORT_READABLE = 1,
    TRANSPORT_WRITABLE = 2,
};

// Waits until one of the events can be acted on; returns the ones that can, 0 after timeout_ms,
// -1 with errno.
int transport_wait(struct transport *transport, int events, int timeout_ms);
