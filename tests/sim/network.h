// The simulated network: connections that carry bytes both ways in pieces, late, and not for ever.
//
// Each way keeps its order, as TCP does; between connections nothing is in order: what was sent on
// an old one may arrive after what was sent on a new one. A connection may be cut after any byte;
// its ends learn of it at different times, or not at all.
#pragma once

#include "tiejun/v1/fact.pb-c.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct centre;
struct network;
struct world;

// What a client's end is told. owner is what network_open was given.
struct network_events {
    void (*opened)(void *owner, uint64_t connection, int64_t daemon_ns);
    void (*received)(void *owner, uint64_t connection, const uint8_t *frame, size_t size);
    void (*lost)(void *owner, uint64_t connection);
};

struct network *network_new(struct world *world, struct centre *centre,
                            const struct network_events *events);
void network_free(struct network *network);
void network_calm(struct network *network);

// Begins to connect to any daemon, as that person. The events may come with any delay, or never.
void network_open(struct network *network, void *owner, int64_t actor_id, uint64_t connection);
// Sends a request in a frame.
void network_send(struct network *network, void *owner, uint64_t connection, uint64_t request_id,
                  const Tiejun__V1__FactServiceLogRequest *request);
// The client's end is gone; what is on its way may still arrive at the daemon.
void network_close(struct network *network, void *owner, uint64_t connection);
// All ends of a device that was stopped.
void network_drop(struct network *network, void *owner);
