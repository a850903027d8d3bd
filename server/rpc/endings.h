// Whoever loses a device loses its sessions, on every daemon and at once: the database tells all of
// them which device it was.
#pragma once

#include "server/rpc/service.h"

// Listens for as long as what it returns is not freed with notify_free(). NULL when memory is out.
struct notify *endings_listen(struct event_base *base, struct service *service,
                              const char *conninfo);
