// The simulated database server: it runs the transactions that daemons ask for on its tables
// (tables.h), one at a time, and tells each daemon in its own time. It may refuse one for a
// deadlock or a lock that it has waited for in vain, have no room, take seconds, lose a connection
// before or after the commit, and fail over to its standby, which loses all connections at once and
// takes some time. What a daemon had asked for before it died may still be done.
#pragma once

#include "server/rpc/intake_ports.h"

struct database;
struct database_client;
struct tables;
struct world;

struct database *database_new(struct world *world, struct tables *tables);
void database_free(struct database *database);

// From here on everything works, and soon.
void database_calm(struct database *database);
void database_fail_over(struct database *database);

// The connections of one daemon.
struct database_client *database_client_new(struct database *database);
struct intake_store database_client_store(struct database_client *client);
// The daemon dies: each errand ends with a lost connection.
void database_client_free(struct database_client *client);

// A promise of the intake to its store that was seen broken; NULL.
const char *database_complaint(const struct database *database);

// How often a transaction held facts of several requests, and failed.
struct database_counts {
    uint64_t transactions;
    uint64_t shared;
    uint64_t failed;
};
struct database_counts database_counts(const struct database *database);
