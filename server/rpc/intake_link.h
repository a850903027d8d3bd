// Links the intake to the daemon: its store is two prepared statements of the database, and its
// bell rings at the end of a turn of the event loop.
#pragma once

#include "server/rpc/intake_ports.h"

#include <event2/event.h>

struct intake_link;
struct service;

// NULL when memory is out. The bell rings for service->intake.
struct intake_link *intake_link_new(struct event_base *base, struct service *service);
// Nothing may be under way any more.
void intake_link_free(struct intake_link *link);

struct intake_ports intake_link_ports(struct intake_link *link);
