// Frames to and from a daemon, over a transport; for session.c.
//
// What fails says why in a session_error. Of what was lost on the way the user is told that it may
// have been done or not.
#pragma once

#include "tiejun/v1/frame.pb-c.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct session_error;
struct transport;

// Bytes on their way in or out. Of size bytes, those before start are done with.
struct wire_bytes {
    uint8_t *data;
    size_t size;
    size_t capacity;
    size_t start;
};

struct wire {
    struct transport *transport;
    // As the user calls it; owned, as the transport is.
    char *server;
    // Silence that is borne.
    int timeout_ms;
    struct wire_bytes input;
    // For an event loop: what cannot go out at once waits for wire_flush.
    bool queues;
    struct wire_bytes output;
};

void wire_close(struct wire *wire);

// Waits until all of it is on its way, unless the wire queues.
bool wire_send(struct wire *wire, const ProtobufCMessage *message, struct session_error *error);
// Sends what can go out of what waits. False with error when the connection is lost.
bool wire_flush(struct wire *wire, struct session_error *error);
bool wire_holds_output(const struct wire *wire);

// Waits for a frame and unpacks it into the arena; NULL with error.
Tiejun__V1__ServerFrame *wire_receive(struct wire *wire, struct arena *arena,
                                      struct session_error *error);
// Takes in what there is, without waiting: 1 when a whole frame, or what is none, has come; 0 when
// not yet; -1 with error when the connection is lost.
int wire_look(struct wire *wire, struct session_error *error);

// The connection was lost, by that reason; and: what comes is not tiejun's protocol.
void wire_lost(const struct wire *wire, struct session_error *error, const char *reason);
void wire_babbles(const struct wire *wire, struct session_error *error);

// Any other fault. status is a Tiejun__V1__Status, 0 when the daemon was not reached; hint may be
// NULL.
void wire_fail(struct session_error *error, int status, const char *hint, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
