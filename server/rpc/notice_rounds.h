// The daemon's own look at the clocks of the offices: every minute it asks the database to tell
// people what it is time for (notice_rounds() in sql/functions, which sees to it that one daemon of
// many does it, and once a day).
#pragma once

#include "server/rpc/service.h"

struct notice_rounds;

// Begins when the database has been reached. NULL when memory is out.
struct notice_rounds *notice_rounds_new(struct event_base *base, struct service *service);
void notice_rounds_free(struct notice_rounds *rounds);
