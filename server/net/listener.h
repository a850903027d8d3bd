// Accepts clients on one address, under TLS.
#pragma once

#include "server/net/connection.h"

#include <stdbool.h>
#include <stddef.h>

struct listener;

// Whether listener_new() would take the address; logs why not.
bool listener_check(const char *address);

// address: "127.0.0.1:7535" or "[::1]:7535"; port 0 takes a free one. What house points to stays
// for as long as the listener. NULL after logging why not.
struct listener *listener_new(const struct connection_house *house, const char *address);

// Where it listens, with the port that was taken.
const char *listener_address(const struct listener *listener);

size_t listener_connections(const struct listener *listener);

// Accepts no more; every connection answers what it accepted and closes. drained is called when
// the last one has closed, at once when there is none.
void listener_drain(struct listener *listener, void (*drained)(void *context), void *context);

// Cuts what is left.
void listener_free(struct listener *listener);
