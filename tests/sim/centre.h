// The simulated centre: two daemons (daemon.h) before one database (database.h). A daemon that is
// killed loses what it has not asked the database for, and the answers to what it has.
#pragma once

#include "tests/sim/daemon.h"
#include "tests/sim/database.h"
#include "tests/sim/tables.h"

struct centre;

#define CENTRE_DAEMONS 2

struct centre *centre_new(struct world *world);
void centre_free(struct centre *centre);

// From here on everything works, and soon.
void centre_calm(struct centre *centre);

// The life of a daemon: another number after each restart, 0 while it is down.
uint64_t centre_life(const struct centre *centre, unsigned daemon);
// At once, or when it has answered what is under way.
void centre_stop(struct centre *centre, unsigned daemon, bool kill);
void centre_start(struct centre *centre, unsigned daemon);

// Takes a request of a device's person in; the answer comes later, or never.
void centre_take(struct centre *centre, unsigned daemon, int64_t actor_id, const uint8_t *frame,
                 size_t size, daemon_answer *answer, void *link);

struct tables *centre_tables(struct centre *centre);
struct database *centre_database(struct centre *centre);

// A promise that was seen broken; NULL. To be asked when nothing happens any more.
const char *centre_complaint(const struct centre *centre);
