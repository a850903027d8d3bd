// The daemon's connections to PostgreSQL: a job goes to the one with the least in flight, or
// waits in a bounded queue while all are busy. While there is no connection at all it waits for a
// few seconds, and is then done with the error "08001".
#pragma once

#include "server/db/job.h"

#include <event2/event.h>
#include <stdbool.h>

struct pool;

struct pool_settings {
    const char *conninfo;
    // How many connections.
    size_t connections;
    // Jobs that may wait or be in flight; beyond it pool_submit() says no.
    size_t jobs_max;
    const struct statement *statements;
    size_t n_statements;
    struct job_listener listener;
};

// settings is copied, what it points to is not. NULL when memory is out.
struct pool *pool_new(struct event_base *base, const struct pool_settings *settings);

// Jobs that are not done are done with an error.
void pool_free(struct pool *pool);

// True when at least one connection takes jobs.
bool pool_is_ready(const struct pool *pool);

// True while at least one connection has its statements prepared.
bool pool_is_preparing(const struct pool *pool);

// True when PostgreSQL refused a statement: daemon and schema do not fit.
bool pool_is_misfit(const struct pool *pool);

// False when too many jobs are under way: the caller answers BUSY. The listener is never called
// from within this call.
bool pool_submit(struct pool *pool, struct job *job);
