// All the addresses on which the daemon listens, and the certificates that it shows there.
#pragma once

#include "server/config.h"
#include "server/rpc/service.h"

#include <event2/event.h>
#include <stdbool.h>
#include <stddef.h>

struct doors;

// Reads the certificates, which are made where there are none and none were named, and looks at
// the addresses. Nothing is opened yet. config outlives the doors. NULL after logging why not.
struct doors *doors_new(const struct config *config);

// Listens on all of them. False after logging why not.
bool doors_open(struct doors *doors, struct event_base *base, struct service *service);

// Where it listens first, with the port that was taken; "" before doors_open().
const char *doors_address(const struct doors *doors);

size_t doors_connections(const struct doors *doors);

// Accepts no more; every connection answers what it accepted and closes. drained is called when
// the last one has closed, at once when there is none.
void doors_drain(struct doors *doors, void (*drained)(void *context), void *context);

// Cuts what is left.
void doors_free(struct doors *doors);
