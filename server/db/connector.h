// Makes connections to PostgreSQL in the event loop: asks the hosts of a connection string in turn,
// each for as long as it is not silent for too long (hosts.h), and goes on until one lets us in.
#pragma once

#include <event2/event.h>
#include <libpq-fe.h>
#include <stdbool.h>

struct connector;

struct connector_settings {
    // libpq connection string. Host names in it resolve with a blocking call: use addresses.
    const char *conninfo;
    // For connections that serve requests (conninfo.h).
    bool for_requests;
    // The delay between two rounds over the hosts grows up to this.
    unsigned delay_most_ms;
    void *context;
    // A host has let us in. The connection is the listener's from now on.
    void (*connected)(void *context, PGconn *connection);
    // A round over all hosts has failed; why says it of each. The next one follows by itself.
    void (*failed)(void *context, const char *why);
};

// settings is copied, what it points to is not. NULL when memory is out.
struct connector *connector_new(struct event_base *base, const struct connector_settings *settings);
void connector_free(struct connector *connector);

// Begins in a moment: at once the first time, later with a delay that grows each time until
// connector_settled(). Begins with the host behind the one that was asked last: where that has
// fallen silent, another may have taken over. The listener is never called from in here.
void connector_start(struct connector *connector);

// The connection that was made does what it was made for.
void connector_settled(struct connector *connector);
