// The bytes of a session: a TCP connection that never blocks by itself. TLS will come in behind
// this same interface.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct transport;

// server: HOST, HOST:PORT or [IPV6]:PORT. Tries every address of the host, each for at most
// timeout_ms. NULL when none answers; reason then has a phrase in the user's language.
struct transport *transport_open(const char *server, int timeout_ms, char *reason,
                                 size_t reason_size);
void transport_close(struct transport *transport);

// As read and write without blocking: -1 with errno EAGAIN when there is nothing to read or no
// room; read gives 0 when the other end has closed.
ssize_t transport_read(struct transport *transport, void *data, size_t size);
ssize_t transport_write(struct transport *transport, const void *data, size_t size);

enum transport_event {
    TRANSPORT_READABLE = 1,
    TRANSPORT_WRITABLE = 2,
};

// Waits until one of the events can be acted on; returns the ones that can, 0 after timeout_ms,
// -1 with errno.
int transport_wait(struct transport *transport, int events, int timeout_ms);
